import { VwmpError } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { type Audit, createAudit } from './audit.ts';
import { type Authenticator, createAuthenticator, type Principal } from './authenticate.ts';
import { askerOf, type ClientAddress, createClientAddress } from './client-address.ts';
import { readFixedKeys } from './fixed-keys.ts';
import type { RequestHeaders } from './headers.ts';
import { createRateLimiter } from './limits.ts';
import { createOrigins, type Origins } from './origins.ts';

/** Everything that stands between a request and what it wants. */
export interface Security {
  readonly authenticator: Authenticator;
  readonly origins: Origins;
  readonly addressOf: ClientAddress;
  readonly audit: Audit;
  /**
   * Lets a request in: checks where it comes from, who sends it, and how often.
   *
   * @param remote - the address that the connection comes from
   * @throws HOST_REFUSED, ORIGIN_REFUSED, API_KEY_MISSING, API_KEY_INVALID, RATE_LIMITED
   */
  admit(headers: RequestHeaders, remote: string | undefined): Promise<Principal>;
  /** For what needs no key, such as a webhook. @throws RATE_LIMITED */
  limit(headers: RequestHeaders, remote: string | undefined): void;
}

/** Puts the checks together as the settings say. Nothing in it runs on its own. */
export function createSecurity({ settings, storage }: Platform): Security {
  const { auth, host, keys, origins: listed, rate, trustedProxies } = settings.api;
  const origins = createOrigins({ listed, host, auth });
  const authenticator = createAuthenticator({ keys: storage.keys, auth, fixed: readFixedKeys(keys) });
  const addressOf = createClientAddress(trustedProxies);
  const limiter = createRateLimiter({ rate });
  /** Guesses are limited by the address: a wrong key costs a question to the store. */
  const failures = createRateLimiter({ rate: rate === 0 ? 0 : Math.min(rate, 10), burst: 50 });

  const take = (asker: string): void => {
    const { ok, retryAfter } = limiter.take(asker);
    if (!ok) throw limited(retryAfter);
  };

  return {
    authenticator,
    origins,
    addressOf,
    audit: createAudit(storage.audit),
    async admit(headers, remote) {
      origins.check(headers);
      const asker = askerOf(addressOf(headers, remote));
      const { ok, retryAfter } = failures.peek(asker);
      if (!ok) throw limited(retryAfter);
      let principal: Principal;
      try {
        principal = await authenticator.authenticate(headers, remote);
      } catch (error) {
        failures.take(asker);
        throw error;
      }
      if (auth === 'keys') take(`key ${principal.id}`);
      return principal;
    },
    limit(headers, remote) {
      if (auth === 'keys') take(`address ${askerOf(addressOf(headers, remote))}`);
    },
  };
}

function limited(retryAfter: number): VwmpError {
  const seconds = Math.max(1, Math.ceil(retryAfter));
  const message = `Too many requests. Try again in ${seconds} s.`;
  return new VwmpError('RATE_LIMITED', message, { details: { retry_after: seconds } });
}
