import { VwmpError } from '@vwmp/core';
import { headerOf, type RequestHeaders } from './headers.ts';

/** The address of whoever asks. */
export type ClientAddress = (headers: RequestHeaders, remote: string | undefined) => string;

/**
 * Makes what finds the address of a client. `X-Forwarded-For` is believed as far as proxies that are trusted wrote it: it is read
 * from its end, and the first address that is none of theirs is the client's.
 *
 * @param trusted - addresses or networks (`10.0.0.0/8`) of proxies
 * @throws SETTINGS_INVALID for what is neither
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return (_headers, remote) => plainAddress(remote ?? '');
  // Costs memory: only where there are proxies.
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const list = new BlockList();
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) {
      const message = `VWMP_TRUSTED_PROXIES has "${entry}", which is no address: use such as 10.1.2.3, 10.0.0.0/8 or fd00::/8.`;
      throw new VwmpError('SETTINGS_INVALID', message, { retryable: false });
    }
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
  return (headers, remote) => {
    let address = plainAddress(remote ?? '');
    const forwarded = headerOf(headers, 'x-forwarded-for')?.split(',') ?? [];
    while (isTrusted(address) && forwarded.length > 0) {
      const next = plainAddress(forwarded.pop()!.trim());
      // What a proxy that is trusted did not write in the form of an address is not made use of.
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** Without what only says how it came: `::ffff:127.0.0.1` is `127.0.0.1`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Who is counted as one where requests are limited: with IPv6 one has a whole network of addresses. */
export function askerOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = ''] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  return `${groups.slice(0, 4).join(':')}::/64`;
}
