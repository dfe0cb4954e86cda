import { headerOf, type RequestHeaders } from '../security/headers.ts';

/**
 * Makes what gives requests their ids: the one that a proxy in front has given, or a new one, unique by a random beginning and a number.
 */
export function createRequestIds(): (headers: RequestHeaders) => string {
  const random = crypto.getRandomValues(new Uint8Array(9));
  const start = Buffer.from(random).toString('base64url');
  let count = 0;
  return (headers) => {
    const given = headerOf(headers, 'x-request-id');
    return given !== undefined && /^[\w.:-]{1,128}$/.test(given)
      ? given
      : `${start}-${(++count).toString(36)}`;
  };
}
