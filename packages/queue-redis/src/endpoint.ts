import { VwmpError } from '@vwmp/core';
import type { RedisOptions } from 'ioredis';
import type { RedisConnectionOptions } from './options.ts';

/** Where Redis is, for messages: never with a password. */
export interface Endpoint {
  readonly name: string;
  readonly timeout: number;
  readonly redis: RedisOptions;
}

/** Reads the options. @throws SETTINGS_INVALID */
export function readEndpoint(options: RedisConnectionOptions): Endpoint {
  const url = parseUrl(options.url ?? 'redis://127.0.0.1:6379');
  const secure = options.tls ?? url.protocol === 'rediss:';
  const { timeout = 5000 } = options;
  const host = options.host ?? (url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1');
  const port = options.port ?? Number(url.port || 6379);
  const db = options.db ?? Number(url.pathname.slice(1) || 0);
  if (!Number.isInteger(db))
    throw invalid(`its path has to be the number of a database, not "${url.pathname}"`);
  return {
    name: `${secure ? 'rediss' : 'redis'}://${host}:${port}${db > 0 ? `/${db}` : ''}`,
    timeout,
    redis: {
      ...{ host, port, db },
      username: options.username ?? (decodeURIComponent(url.username) || undefined),
      password: options.password ?? (decodeURIComponent(url.password) || undefined),
      tls: secure ? (secure === true ? {} : secure) : undefined,
    },
  };
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('it cannot be read');
  }
  if (url.protocol === 'redis:' || url.protocol === 'rediss:') return url;
  throw invalid(`it begins with "${url.protocol}//"`);
}

/** The url itself may hold a password. */
function invalid(why: string): VwmpError {
  const message = `The url of Redis is not valid: ${why}. Write redis://HOST:PORT/DB, or rediss:// for TLS.`;
  return new VwmpError('SETTINGS_INVALID', message, { retryable: false });
}
