import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore, Retention } from '../ports/execution-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { Maintenance } from '../ports/storage.ts';
import { textOf } from './text-of.ts';

export interface PrunerOptions {
  readonly executions: Pick<ExecutionStore, 'prune'>;
  readonly maintenance?: Pick<Maintenance, 'compact'> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * What may stay. Each rule is carried out by itself, so one for a workflow can only let it keep less than the one for all.
   * One without limits does nothing.
   */
  readonly rules: readonly Retention[];
  /** Between two rounds, in milliseconds. @defaultValue five minutes */
  readonly interval?: number;
  /** So many executions go in one step. @defaultValue 200 */
  readonly batch?: number;
}

/** Removes executions that need not be kept any longer, while everything else goes on. */
export interface Pruner {
  /** Begins a round now and then. Keeps no process alive. */
  open(): void;
  /** Resolves when the step that was under way has ended. Idempotent. */
  close(): Promise<void>;
  /** A round at once; one that is under way is waited for. @returns how many went @throws STORE_UNAVAILABLE */
  prune(): Promise<number>;
}

/** After so many the database is made smaller: doing so costs about as much as removing them. */
const manyGone = 1000;
/** Between two steps at least, in milliseconds; otherwise as long as the last step took, so that others have half of the time. */
const shortestPause = 50;

/**
 * Makes what removes executions by age and count.
 *
 * @example
 * ```ts
 * const pruner = createPruner({ executions, maintenance, clock, logger, rules: [{ max_age: 30 * 86_400_000 }] });
 * pruner.open();
 * ```
 */
export function createPruner(options: PrunerOptions): Pruner {
  const { executions, maintenance, clock, logger, interval = 300_000, batch = 200 } = options;
  const rules = options.rules.filter(
    ({ max_age, max_count }) => max_age !== undefined || max_count !== undefined,
  );
  let state: 'new' | 'open' | 'closed' = 'new';
  let clearTimer: (() => void) | undefined;
  let endPause: (() => void) | undefined;
  let round: Promise<number> | undefined;
  let goneSinceCompact = 0;
  let failing = false;

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const clear = clock.setTimer(clock.now() + milliseconds, resolve, { background: true, elapsed: true });
      endPause = () => {
        clear();
        resolve();
      };
    });

  const carryOut = async (): Promise<number> => {
    let gone = 0;
    for (const rule of rules) {
      for (let more = true; more && state !== 'closed'; ) {
        const began = clock.now();
        const count = await executions.prune(rule, began, batch);
        gone += count;
        more = count >= batch;
        if (more) await pause(Math.max(shortestPause, clock.now() - began));
      }
    }
    goneSinceCompact += gone;
    if (maintenance && goneSinceCompact >= manyGone && state !== 'closed') {
      const bytes = await maintenance.compact();
      logger.log('info', 'Executions were removed, as they need not be kept any longer.', {
        executions: goneSinceCompact,
        bytes,
      });
      goneSinceCompact = 0;
    }
    return gone;
  };

  const prune = (): Promise<number> => {
    round ??= carryOut().finally(() => {
      round = undefined;
    });
    return round;
  };

  const arm = (delay: number): void => {
    if (state !== 'open') return;
    clearTimer = clock.setTimer(
      clock.now() + delay,
      () => {
        prune()
          .then(
            () => {
              failing = false;
            },
            (error: unknown) => {
              if (!failing && state === 'open') {
                logger.log('warn', 'Old executions could not be removed; it is tried again.', {
                  error: textOf(error),
                });
              }
              failing = true;
            },
          )
          .finally(() => arm(interval));
      },
      { background: true, elapsed: true },
    );
  };

  return {
    open() {
      if (state !== 'new') return;
      state = 'open';
      // Soon, as processes that are restarted often are to prune too, and not while everything else starts.
      if (rules.length > 0) arm(Math.min(interval, 60_000));
    },
    async close() {
      state = 'closed';
      clearTimer?.();
      endPause?.();
      await round?.catch(() => {});
    },
    prune,
  };
}
