import { VwmpError } from '@vwmp/core';
import type { KeyStore } from '@vwmp/core/ports';
import type { Settings } from '@vwmp/core/settings';
import { isLoopback } from './hosts.ts';

/**
 * To be called before the API listens: it refuses an address that others reach as long as nobody has a key. Settings can be made in
 * a program too, so what reading them refuses is refused here again.
 *
 * @throws AUTHENTICATION_NEEDED, which says what to do; STORE_UNAVAILABLE
 */
export async function checkBind(api: Settings['api'], keys: KeyStore): Promise<void> {
  const { host, auth } = api;
  if (auth === 'none') {
    if (isLoopback(host)) return;
    throw needed(
      `The API would listen on ${host} without authentication: everyone who reaches it could do everything. ${remedy}`,
    );
  }
  if (isLoopback(host) || api.keys.length > 0 || (await hasKey(keys))) return;
  throw needed(
    `The API would listen on ${host}, and there is no API key that it could be used with. ${remedy}`,
  );
}

const remedy =
  'Create a key with "vwmp keys create NAME --role admin" (or set VWMP_API_KEYS), or set VWMP_API_HOST=127.0.0.1.';

async function hasKey(keys: KeyStore): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const page = await keys.list({ limit: 500, ...(cursor !== undefined && { cursor }) });
    if (page.results.some(({ revoked_at, expires_at }) => revoked_at === undefined && !isPast(expires_at)))
      return true;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return false;
}

function isPast(at: string | undefined): boolean {
  return at !== undefined && Date.parse(at) <= Date.now();
}

function needed(message: string): VwmpError {
  return new VwmpError('AUTHENTICATION_NEEDED', message, { retryable: false });
}
