import type { KeyRecord, KeyStore } from '@vwmp/core';
import { UsageError } from '../cli/usage-error.ts';
import { safe } from '../terminal/safe.ts';

/** All of them, ordered by name. */
export async function allKeys(store: KeyStore): Promise<KeyRecord[]> {
  const found: KeyRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 500, ...(cursor !== undefined && { cursor }) });
    found.push(...page.results);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found.sort((a, b) => a.name.localeCompare(b.name) || a.created_at.localeCompare(b.created_at));
}

/** What is to be said of a key. */
export function stateOf(
  { revoked_at, expires_at }: KeyRecord,
  now: number,
): 'active' | 'revoked' | 'expired' {
  if (revoked_at !== undefined) return 'revoked';
  return expires_at !== undefined && Date.parse(expires_at) <= now ? 'expired' : 'active';
}

/**
 * The key with an id, or the only one of that name that is not revoked.
 *
 * @throws UsageError when there is none or there are several
 */
export async function findKey(store: KeyStore, given: string): Promise<KeyRecord> {
  // A whole key may be pasted here; the part that finds it is enough, and nothing of it is shown.
  const id = /^vwmp_([a-z0-9]+)_/.exec(given)?.[1] ?? given;
  const exact = id === '' ? undefined : await store.get(id);
  if (exact) return exact;
  const found = (await allKeys(store)).filter(
    ({ name, revoked_at }) => name === given && revoked_at === undefined,
  );
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (!only)
    throw new UsageError(
      'There is no API key of this id or name. "vwmp keys list" shows them.',
      'keys revoke',
    );
  const list = found.map((key) => key.id).join(', ');
  throw new UsageError(
    `Several API keys have the name "${safe(given)}". Give the id: ${list}.`,
    'keys revoke',
  );
}
