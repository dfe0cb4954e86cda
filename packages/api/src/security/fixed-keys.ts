import { hashOf, isHashOf } from './api-key.ts';
import type { Role } from './roles.ts';

/** A key of the settings. */
export interface FixedKey {
  id: string;
  name: string;
  role: Role;
  hash: string;
}

/** Reads the entries of `VWMP_API_KEYS`, whose form the settings have checked: `NAME:ROLE:KEY`. */
export function readFixedKeys(entries: readonly string[]): FixedKey[] {
  return entries.map((entry) => {
    const [name = '', role, key = ''] = entry.split(':');
    return { id: `env:${name}`, name, role: role as Role, hash: hashOf(key) };
  });
}

/** The entry with this key. Each is compared, so that the time does not say which one it could be. */
export function findFixedKey(keys: readonly FixedKey[], text: string): FixedKey | undefined {
  let found: FixedKey | undefined;
  for (const key of keys) if (isHashOf(key.hash, text)) found = key;
  return found;
}
