import type { Backend } from '../backend.ts';
import { connectTo } from './connect.ts';

export interface HttpBackendOptions {
  /** Of the server. @defaultValue where the page comes from */
  url?: string;
  /** An API key. */
  key?: string;
}

/** Makes a backend that reads and writes through the API of a server. */
export function createHttpBackend(options: HttpBackendOptions = {}): Backend {
  return connectTo(options).backend;
}
