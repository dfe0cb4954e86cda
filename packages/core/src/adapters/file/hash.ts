import { node } from './node.ts';

/** Keeps names apart that no file may have, or that differ in case only. Hexadecimal. */
export function hashOf(text: string): string {
  return node.crypto.createHash('sha256').update(text).digest('hex');
}

/** How the name of a file begins, so that people find it: like the id that it stands for. */
export function readable(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
}
