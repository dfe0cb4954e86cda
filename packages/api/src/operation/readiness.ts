import type { Logger } from '@vwmp/core';
import type { Health, PartHealth, Platform } from '@vwmp/core/platform';

/** Whether a process can accept work. */
export interface Readiness {
  /** Asks every part, or says what it said a moment ago. Answers within a second, whatever hangs. Never rejects. */
  check(): Promise<Health>;
  /** From now on it is not ready: the process ends. */
  drain(): void;
  readonly draining: boolean;
}

/** How long an answer holds, in milliseconds: however many ask, the parts are asked once a second. */
const freshness = 1000;
/** How long it waits, in milliseconds: probes of Kubernetes give up after one second. */
const patience = 800;

/** @param logger - told when a part goes away and comes back */
export function createReadiness(platform: Pick<Platform, 'health' | 'settings'>, logger?: Logger): Readiness {
  let last: { health: Health; at: number } | undefined;
  let asking: Promise<Health> | undefined;
  /** Those that are being asked, as far as they have answered. */
  let asked: PartHealth[] = [];
  let draining = false;
  const away = new Set<string>();

  const tell = ({ parts }: Health): void => {
    for (const { name, backend, ok, message } of parts) {
      if (ok ? !away.delete(name) : away.has(name)) continue;
      if (!ok) away.add(name);
      const fields = { part: name, backend, ...(message !== undefined && { reason: message }) };
      logger?.log(ok ? 'info' : 'warn', ok ? 'A part answers again.' : 'A part does not answer.', fields);
    }
  };

  const ask = async (): Promise<Health> => {
    asked = [];
    const health = await platform.health(asked);
    last = { health, at: performance.now() };
    tell(health);
    return health;
  };

  const unanswered = (): Health => {
    const message = 'It has not answered yet.';
    return { ready: false, parts: asked.map((part) => (part.ok ? part : { message, ...part })) };
  };

  return {
    async check() {
      if (last && performance.now() - last.at < freshness) return last.health;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      let timer: NodeJS.Timeout | undefined;
      const patienceEnds = new Promise<Health>((resolve) => {
        timer = setTimeout(() => resolve(unanswered()), patience).unref();
      });
      try {
        return await Promise.race([asking, patienceEnds]);
      } finally {
        clearTimeout(timer);
      }
    },
    drain() {
      draining = true;
    },
    get draining() {
      return draining;
    },
  };
}
