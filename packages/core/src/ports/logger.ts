import type { LogLevel } from '../model/event.ts';

/** Where the platform itself writes. Never given a secret or a payload. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
