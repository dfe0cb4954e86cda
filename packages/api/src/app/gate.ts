import type { Platform } from '@vwmp/core/platform';
import type { Logger } from '@vwmp/core/ports';
import type { Settings } from '@vwmp/core/settings';
import { type Audit, createAudit } from '../security/audit.ts';
import { type Authenticator, createAuthenticator, type Principal } from '../security/authenticate.ts';
import { askerOf, type ClientAddress, createClientAddress } from '../security/client-address.ts';
import { readFixedKeys } from '../security/fixed-keys.ts';
import type { RequestHeaders } from '../security/headers.ts';
import { createRateLimiter, type RateLimiter } from '../security/limits.ts';
import { createOrigins, type Origins } from '../security/origins.ts';
import { allows, type Role } from '../security/roles.ts';
import { refuse } from './error-answer.ts';

/** Decides who gets in, and what they may do. */
export interface Gate {
  readonly authenticator: Authenticator;
  readonly origins: Origins;
  readonly limiter: RateLimiter;
  readonly audit: Audit;
  readonly clientAddress: ClientAddress;
}

/** Makes a gate as settings say. @param settings - @defaultValue those of the platform */
export function createGate(
  platform: Platform,
  settings: Settings = platform.settings,
  logger?: Logger,
): Gate {
  const { storage } = platform;
  const { auth, keys, origins, host, rate, trustedProxies } = settings.api;
  return {
    authenticator: createAuthenticator({ keys: storage.keys, auth, fixed: readFixedKeys(keys) }),
    origins: createOrigins({ listed: origins, host, auth }),
    // Without keys everyone is on this machine.
    limiter: createRateLimiter({ rate: auth === 'none' ? 0 : rate }),
    audit: createAudit(storage.audit, logger),
    clientAddress: createClientAddress(trustedProxies),
  };
}

/**
 * Lets a request in.
 *
 * @param remote - the address that the connection comes from
 * @throws HOST_REFUSED, ORIGIN_REFUSED, API_KEY_MISSING, API_KEY_INVALID, RATE_LIMITED, FORBIDDEN, STORE_UNAVAILABLE
 */
export async function admit(
  { authenticator, origins, limiter, clientAddress }: Gate,
  headers: RequestHeaders,
  remote: string | undefined,
  needed: Role,
): Promise<Principal> {
  origins.check(headers);
  const asker = (): string => askerOf(clientAddress(headers, remote));
  let principal: Principal;
  try {
    principal = await authenticator.authenticate(headers, remote);
  } catch (error) {
    // Who tries keys is slowed down.
    take(limiter, asker());
    throw error;
  }
  take(limiter, principal.id === 'local' ? asker() : principal.id);
  if (allows(principal.role, needed)) return principal;
  const message = `The key "${principal.name}" has the role "${principal.role}", and "${needed}" is needed.`;
  throw refuse('FORBIDDEN', message, { role: principal.role, needed });
}

function take(limiter: RateLimiter, key: string): void {
  const { ok, retryAfter } = limiter.take(key);
  if (ok) return;
  const seconds = Math.max(1, Math.ceil(retryAfter));
  throw refuse('RATE_LIMITED', `Too many requests. Try again in ${seconds} s.`, { retry_after: seconds });
}
