import { VwmpError } from '@vwmp/core';
import { headerOf, type RequestHeaders } from './headers.ts';
import { hostName, isLoopback } from './hosts.ts';

/** Which pages may talk to the API from a browser. */
export interface Origins {
  /**
   * @param origin - of the header; what is no browser sends none
   * @param host - of the header `Host`
   */
  isAllowedOrigin(origin: string | undefined, host: string | undefined): boolean;
  /**
   * Checks `Host` and `Origin` of a request, or of the beginning of a WebSocket.
   *
   * @throws HOST_REFUSED, ORIGIN_REFUSED
   */
  check(headers: RequestHeaders): void;
  /** What a browser needs to be told of an answer to this request; nothing for pages of the same origin. */
  corsHeaders(headers: RequestHeaders): Record<string, string>;
  /** Of the answer to `OPTIONS`. */
  preflightHeaders(headers: RequestHeaders): Record<string, string>;
}

export interface OriginsOptions {
  /** Such as `https://tools.example.com`; `*` for every one. */
  listed: readonly string[];
  /** The address that is listened on. */
  host: string;
  /** Whether whoever shows no key is let in. */
  auth: 'keys' | 'none';
}

const exposed = 'ETag, Location, Retry-After, X-Request-Id';
const allowedHeaders = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID'],
  // A page that is traced adds these to all that it asks for.
  ...['X-Request-Id', 'traceparent', 'tracestate'],
].join(', ');

/** Makes the checks of where requests come from. */
export function createOrigins({ listed, host, auth }: OriginsOptions): Origins {
  const known = new Set(listed.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const names = new Set([...known].flatMap((origin) => hostName(origin.replace(/^[a-z]+:\/\//, '')) ?? []));
  const local = isLoopback(host);

  const isAllowedOrigin: Origins['isAllowedOrigin'] = (origin, own) => {
    if (origin === undefined) return true;
    const given = origin.toLowerCase();
    if (known.has('*') || known.has(given)) return true;
    return own !== undefined && /^https?:\/\/(.+)$/.exec(given)?.[1] === own.toLowerCase();
  };
  const foreign = (headers: RequestHeaders): string | undefined => {
    const origin = headerOf(headers, 'origin');
    return origin !== undefined && (known.has('*') || known.has(origin.toLowerCase())) ? origin : undefined;
  };

  return {
    isAllowedOrigin,
    check(headers) {
      const own = headerOf(headers, 'host');
      // A page of any site can have its name resolved to 127.0.0.1; the browser then takes the API for a part of that site.
      const name = hostName(own);
      if (local && (name === undefined || !(isLoopback(name) || names.has(name)))) {
        const message = `The API listens on this machine only, and was called by another name. Use 127.0.0.1 or localhost, or name the origin in VWMP_API_ORIGINS.`;
        throw new VwmpError('HOST_REFUSED', message, { retryable: false });
      }
      // Whoever comes through a proxy is not on this machine, whatever the address of the connection says.
      const proxied = headerOf(headers, 'x-forwarded-for') ?? headerOf(headers, 'forwarded');
      if (auth === 'none' && proxied !== undefined) {
        const message =
          'The API has no authentication, and was called through a proxy. Set VWMP_API_AUTH=keys and create a key with "vwmp keys create NAME --role admin".';
        throw new VwmpError('HOST_REFUSED', message, { retryable: false });
      }
      const origin = headerOf(headers, 'origin');
      if (isAllowedOrigin(origin, own)) return;
      const message = 'Pages of this origin may not use the API. Name it in VWMP_API_ORIGINS if they should.';
      throw new VwmpError('ORIGIN_REFUSED', message, { retryable: false });
    },
    corsHeaders(headers) {
      if (known.size === 0) return {};
      const origin = foreign(headers);
      // No credentials: a key is sent by the page itself, never by the browser.
      const allow = origin && {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': exposed,
      };
      return { vary: 'Origin', ...allow };
    },
    preflightHeaders(headers): Record<string, string> {
      const origin = foreign(headers);
      if (origin === undefined) return {};
      return {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': '600',
        vary: 'Origin',
      };
    },
  };
}
