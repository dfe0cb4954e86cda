import { VwmpError } from '@vwmp/core';
import type { RedisOptions } from 'ioredis';
import type { RedisConnectionOptions } from './options.ts';
import { encodings, readSentinels, type Sentinels } from './sentinel/read-sentinels.ts';

/** Where Redis is, for messages: never with a password. */
export interface Endpoint {
  readonly name: string;
  readonly timeout: number;
  readonly redis: RedisOptions;
  /** Those who know where it is, when it has no place of its own. */
  readonly sentinels?: Sentinels;
}

/** Reads the options. @throws SETTINGS_INVALID */
export function readEndpoint(options: RedisConnectionOptions): Endpoint {
  const { timeout = 5000, url: text = 'redis://127.0.0.1:6379' } = options;
  const { sentinels, text: rest = text } = readSentinels(text, options, invalid) ?? {};
  const url = parseUrl(rest);
  const secure = options.tls ?? url.protocol === 'rediss:';
  const host = options.host ?? (url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1');
  const port = options.port ?? Number(url.port || 6379);
  const db = options.db ?? Number(url.pathname.slice(1) || 0);
  if (!Number.isInteger(db))
    throw invalid(`its path has to be the number of a database, not "${url.pathname}"`);
  const place = sentinels ? `+sentinel://${sentinels.list}/${sentinels.masterName}` : `://${host}:${port}`;
  return {
    name: `${secure ? 'rediss' : 'redis'}${place}${db > 0 ? `/${db}` : ''}`,
    timeout,
    redis: {
      ...{ host, port, db },
      username: options.username ?? (decode(url.username) || undefined),
      password: options.password ?? (decode(url.password) || undefined),
      tls: secure ? (secure === true ? {} : secure) : undefined,
    },
    ...(sentinels && { sentinels }),
  };
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(`it cannot be read; ${encodings}`);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw invalid(`it begins with "${url.protocol}//"`);
  // It was cut short: the host is not the one that was meant.
  const [firstOption = ''] = url.search.split('=', 1);
  const options = url.username + url.password === '' ? url.search : firstOption;
  if (/@/.test(url.pathname + options + url.hash)) throw invalid(encodings);
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('a "%" of its password has to be written as %25');
  }
}

/** The url itself may hold a password. */
function invalid(why: string, form = 'redis://HOST:PORT/DB'): VwmpError {
  const message = `The url of Redis is not valid: ${why}. Write ${form}, with rediss for TLS, as the option url (VWMP_REDIS_URL).`;
  return new VwmpError('SETTINGS_INVALID', message, { retryable: false });
}
