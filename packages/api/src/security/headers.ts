import type { IncomingHttpHeaders } from 'node:http';

/** The headers of a request, of either kind. */
export type RequestHeaders = { get(name: string): string | null | undefined } | IncomingHttpHeaders;

/** One header; several of the same name are joined by commas. @param name - in lower case */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const given = headers as IncomingHttpHeaders;
  // HTTP/2 has another header for it.
  const value = given[name] ?? (name === 'host' ? given[':authority'] : undefined);
  return Array.isArray(value) ? value.join(',') : value;
}
