import { VwmpError } from '@vwmp/core';
import type { RedisOptions } from 'ioredis';

/** TLS with more than the usual certificates. */
export interface RedisTlsOptions {
  /** PEM of the authority to trust. */
  ca?: string;
  /** PEM of the certificate and the key that this client shows. */
  cert?: string;
  key?: string;
  /** The name in the server's certificate, if it is not the host. */
  servername?: string;
  /** False trusts any certificate. @defaultValue true */
  rejectUnauthorized?: boolean;
}

/** Where Redis is. What is given by name wins over the url. */
export interface RedisConnectionOptions {
  /**
   * `redis://[[user]:password@]host[:port][/db]`, or `rediss:` for TLS.
   *
   * @defaultValue `redis://127.0.0.1:6379`
   */
  url?: string;
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: boolean | RedisTlsOptions;
  /**
   * How long Redis may take to answer, in milliseconds. Then what was asked for is refused as unavailable, and the
   * connection is made anew.
   *
   * @defaultValue 5000
   */
  timeout?: number;
}

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
