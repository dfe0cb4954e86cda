import { VwmpError } from '@vwmp/core';
import type { KeyRecord, KeyStore } from '@vwmp/core/ports';
import { isHashOf, parseApiKey } from './api-key.ts';
import { plainAddress } from './client-address.ts';
import { type FixedKey, findFixedKey } from './fixed-keys.ts';
import { headerOf, type RequestHeaders } from './headers.ts';
import { isLoopback } from './hosts.ts';
import type { Role } from './roles.ts';

/** Who calls. */
export interface Principal {
  /** Of the key; `local` without authentication. */
  id: string;
  /** The actor in the audit log. */
  name: string;
  role: Role;
  /** Of the key, where it ends. */
  expires_at?: string;
}

export interface Authenticator {
  /**
   * Says who calls. Without authentication it is `local`, who may do everything, unless a key is shown.
   *
   * @param remote - the address that the connection comes from; who comes from nobody knows where needs a key
   * @throws API_KEY_MISSING, API_KEY_INVALID, HOST_REFUSED, STORE_UNAVAILABLE
   */
  authenticate(headers: RequestHeaders, remote: string | undefined): Promise<Principal>;
}

export interface AuthenticatorOptions {
  keys: KeyStore;
  /** `none` lets in whoever shows no key. */
  auth: 'keys' | 'none';
  /** Keys of the settings, beside those of the store. */
  fixed?: readonly FixedKey[];
  /** In milliseconds since 1970. @defaultValue the clock of the system */
  now?: () => number;
}

/**
 * So long a key that was looked up is believed, in milliseconds: a key that is revoked, in whichever process, is refused everywhere
 * after this time at the latest.
 */
export const keyTrust = 5000;
/** So many keys are remembered. */
const mostKnown = 1000;
/** The last use of a key is noted no more often than this. */
const usePause = 60_000;

const local: Principal = { id: 'local', name: 'local', role: 'admin' };

interface Known {
  key: Promise<KeyRecord | undefined>;
  at: number;
}

/** Makes what checks API keys. It holds no timer. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { keys, auth, fixed = [], now = Date.now } = options;
  /** Only keys that are there, and questions under way: made-up ids can't push the others out. The least recently asked first. */
  const known = new Map<string, Known>();
  const noted = new Map<string, number>();

  const look = (id: string): Promise<KeyRecord | undefined> => {
    const found = known.get(id);
    if (found && now() - found.at < keyTrust && now() >= found.at) return found.key;
    const key = keys.get(id);
    const entry = { key, at: now() };
    known.set(id, entry);
    const forget = (): void => void (known.get(id) === entry && known.delete(id));
    key.then((record) => record === undefined && forget(), forget);
    for (const oldest of known.keys()) {
      if (known.size <= mostKnown) break;
      known.delete(oldest);
      noted.delete(oldest);
    }
    return key;
  };

  /** Nobody waits for it, and it may fail: the use is noted a minute later then. */
  const noteUse = (id: string): void => {
    const last = noted.get(id) ?? Number.NEGATIVE_INFINITY;
    if (now() - last < usePause) return;
    if (!known.has(id)) return;
    noted.set(id, now());
    keys.used(id, new Date(now()).toISOString()).catch(() => undefined);
  };

  const check = async (text: string): Promise<Principal> => {
    const parts = parseApiKey(text);
    if (!parts) throw refused();
    const key = await look(parts.id);
    if (!key || !isHashOf(key.hash, parts.secret)) throw refused();
    if (key.revoked_at !== undefined) throw refused('was revoked');
    if (key.expires_at !== undefined && Date.parse(key.expires_at) <= now()) throw refused('has expired');
    noteUse(key.id);
    const { id, name, role, expires_at } = key;
    return { id, name, role, ...(expires_at !== undefined && { expires_at }) };
  };

  return {
    async authenticate(headers, remote) {
      const text = shownKey(headers);
      const own = text === undefined ? undefined : findFixedKey(fixed, text);
      if (own) return { id: own.id, name: own.name, role: own.role };
      // What else there may be is for something before this server.
      if (auth === 'none' && (text === undefined || !text.startsWith('vwmp_'))) {
        // A server that mounts the API may listen elsewhere than the settings say, and anybody can write "localhost" into a header.
        if (remote !== undefined && isLoopback(plainAddress(remote))) return local;
        const message = `The API has no authentication, and was ${
          remote === undefined ? 'not told that the call is from this machine' : 'called from another machine'
        }. Set VWMP_API_AUTH=keys and create a key with "vwmp keys create NAME --role admin".`;
        throw new VwmpError('HOST_REFUSED', message, { retryable: false });
      }
      if (text === undefined) {
        const message =
          'An API key is needed: send "Authorization: Bearer vwmp_…". "vwmp keys create" makes one.';
        throw new VwmpError('API_KEY_MISSING', message, { retryable: false });
      }
      return check(text);
    },
  };
}

/** The key that a request shows. Never taken from the address, which ends up in logs. */
function shownKey(headers: RequestHeaders): string | undefined {
  const authorization = headerOf(headers, 'authorization');
  return authorization === undefined ? undefined : (/^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '');
}

/** Only who knows the secret learns what is wrong with a key. */
function refused(why = 'is not known here'): VwmpError {
  return new VwmpError('API_KEY_INVALID', `The API key ${why}.`, { retryable: false });
}
