import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate that signs itself and its private key, both as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/**
 * Makes a certificate for an IPv4 address, valid from yesterday for ten years. It is written byte by byte (DER), because Node
 * can read certificates and not make them, and `openssl` is not everywhere.
 */
export function createCertificate(address: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ecdsa-with-SHA256
  const commonName = sequence(oid(0x55, 0x04, 0x03), tag(0x0c, Buffer.from('vwmp-test')));
  const name = sequence(tag(0x31, commonName));
  const day = 24 * 60 * 60 * 1000;
  const validity = sequence(time(Date.now() - day), time(Date.now() + 3650 * day));
  const basicConstraints = extension(oid(0x55, 0x1d, 0x13), sequence(tag(0x01, Buffer.from([0xff]))));
  const ip = tag(0x87, Buffer.from(address.split('.').map(Number)));
  const subjectAltName = extension(oid(0x55, 0x1d, 0x11), sequence(ip));

  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))), // version 3
    tag(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(basicConstraints, subjectAltName)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const cert = sequence(body, algorithm, tag(0x03, signature))
    .toString('base64')
    .match(/.{1,64}/g)!;
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${cert.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

function oid(...bytes: number[]): Buffer {
  return tag(0x06, Buffer.from(bytes));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, tag(0x04, value));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tag(0x17, Buffer.from(`${digits}Z`));
}
