/** Whether one more request is taken. */
export interface Taken {
  ok: boolean;
  /** Seconds until one would be taken; 0 when it was. */
  retryAfter: number;
}

export interface RateLimiter {
  /** @param key - of whoever asks */
  take(key: string): Taken;
}

export interface RateLimiterOptions {
  /** Requests a second that are taken for long; 0 takes all. */
  rate: number;
  /** So many at once. @defaultValue twice the rate */
  burst?: number;
  /** So many askers are remembered; those that were not heard of for longest go. @defaultValue 10000 */
  most?: number;
  /** In milliseconds, never going back. @defaultValue `performance.now` */
  now?: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Limits how often each may ask, by token buckets. About 100 bytes for each that is remembered; no timer. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { rate, burst = Math.max(1, 2 * rate), most = 10_000, now = () => performance.now() } = options;
  /** By when it was used, the oldest first. */
  const buckets = new Map<string, Bucket>();

  return {
    take(key) {
      if (rate <= 0) return { ok: true, retryAfter: 0 };
      const at = now();
      const before = buckets.get(key);
      const tokens = before ? Math.min(burst, before.tokens + ((at - before.at) / 1000) * rate) : burst;
      const ok = tokens >= 1;
      buckets.delete(key);
      buckets.set(key, { tokens: ok ? tokens - 1 : tokens, at });
      if (buckets.size > most) buckets.delete(buckets.keys().next().value!);
      return { ok, retryAfter: ok ? 0 : (1 - tokens) / rate };
    },
  };
}
