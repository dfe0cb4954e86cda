import { BlockList, isIP } from 'node:net';

/**
 * IPv4 ranges that are not public, from the IANA special-purpose registry. 169.254.0.0/16 has the metadata services of the
 * large clouds, 100.64.0.0/10 that of Alibaba Cloud; 168.63.129.16 is Azure's, on a public number.
 */
const privateV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * IPv6 has one range of public addresses, 2000::/3; within it these are not, or hide an IPv4 address whose
 * bits are not worth the risk (Teredo, 6to4).
 */
const privateV6: readonly [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const blockedV4 = new BlockList();
for (const [network, prefix] of privateV4) blockedV4.addSubnet(network, prefix, 'ipv4');

const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

const blockedV6 = new BlockList();
for (const [network, prefix] of privateV6) blockedV6.addSubnet(network, prefix, 'ipv6');

// In networks that have only IPv6, each IPv4 host is reached by 64:ff9b::a.b.c.d (NAT64): as public as what it stands for.
const nat64 = new BlockList();
nat64.addSubnet('64:ff9b::', 96, 'ipv6');
const blockedNat64 = new BlockList();
for (const [network, prefix] of privateV4) {
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  const group = (high: number, low: number): string => (high * 256 + low).toString(16);
  blockedNat64.addSubnet(`64:ff9b::${group(a, b)}:${group(c, d)}`, 96 + prefix, 'ipv6');
}

/**
 * True for an address of the public internet; false for this machine, private networks, multicast, what is reserved, and
 * anything that is no address. Whatever is not known to be public is not.
 *
 * @param address - IPv4 or IPv6 in text form, without brackets
 */
export function isPublicAddress(address: string): boolean {
  // With a zone (fe80::1%eth0) it is not public.
  switch (address.includes('%') ? 0 : isIP(address)) {
    case 4:
      return !blockedV4.check(address, 'ipv4');
    case 6:
      if (nat64.check(address, 'ipv6')) return !blockedNat64.check(address, 'ipv6');
      return publicV6.check(address, 'ipv6') && !blockedV6.check(address, 'ipv6');
    default:
      return false;
  }
}
