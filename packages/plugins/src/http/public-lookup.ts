import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { VwmpError } from '@vwmp/core';
import { isPublicAddress } from './addresses.ts';

/**
 * Resolves a name and refuses it when any of its addresses is not public. The connection is made to the very addresses
 * that were checked: there is no second look-up that could answer differently (DNS rebinding).
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) {
      callback(error ?? new Error(`${hostname} has no address`), '', 0);
    } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
      callback(blocked(hostname), '', 0);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

/**
 * Checks a host that is written as an address, for which nothing is looked up. The url parser has already brought
 * 127.1, 0x7f000001, 2130706433 and the like to their usual form.
 *
 * @throws HTTP_BLOCKED
 */
export function checkLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw blocked(host);
}

function blocked(host: string): VwmpError {
  return new VwmpError(
    'HTTP_BLOCKED',
    `${host} is not a public address. Requests to private networks are turned off in the settings.`,
    { retryable: false },
  );
}
