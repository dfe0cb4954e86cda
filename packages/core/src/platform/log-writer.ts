import { hasCode } from '../errors.ts';
import type { EventOf } from '../model/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogEntry, LogStore } from '../ports/log-store.ts';
import type { Logger } from '../ports/logger.ts';
import { isPassing } from './patience.ts';
import { textOf } from './text-of.ts';

export interface LogWriterOptions {
  readonly logs: Pick<LogStore, 'add'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long entries wait for others, in milliseconds. @defaultValue 200 */
  readonly delay?: number;
  /** So many are written at a time. @defaultValue 500 */
  readonly batch?: number;
  /** So many wait while the store is slow or away; beyond that new ones are dropped. @defaultValue 10000 */
  readonly limit?: number;
}

/**
 * Writes what steps log to a store, many entries at a time and in their order. What it cannot write it tries again for about
 * a minute, then drops it and says so, once a minute at most.
 */
export interface LogWriter {
  /** For observers: `onLog: writer.add`. */
  readonly add: (event: EventOf<'log'>) => void;
  /** Resolves when what was added before is written, or dropped. */
  flush(): Promise<void>;
  /** Writes what is left, without trying again. What is added later is dropped. Idempotent. */
  close(): Promise<void>;
}

/** Between two tries, in milliseconds; doubles. */
const firstDelay = 1000;
/** After so many tries entries are dropped. */
const mostTries = 7;
/** Between two warnings, in milliseconds. */
const quiet = 60_000;
/** Entries may be large: so many characters wait at most, and this many are written at a time. */
const mostCharacters = 32_000_000;
const batchCharacters = 2_000_000;

interface Waiting {
  entry: LogEntry;
  size: number;
}

export function createLogWriter(options: LogWriterOptions): LogWriter {
  const { logs, clock, logger, delay = 200, batch = 500, limit = 10_000 } = options;
  let waiting: Waiting[] = [];
  let characters = 0;
  /** Since the last warning. */
  let dropped = 0;
  let lastReason = '';
  let warnedAt = Number.NEGATIVE_INFINITY;
  let tries = 0;
  let closed = false;
  let writing: Promise<void> | undefined;
  let clearTimer: (() => void) | undefined;
  /** Told when a write has ended. */
  const listeners: (() => void)[] = [];

  const drop = (count: number, reason: string): void => {
    dropped += count;
    lastReason = reason;
    // Saying so for every entry would be the next flood.
    if (clock.now() - warnedAt >= quiet) warn();
  };

  const warn = (): void => {
    if (dropped === 0) return;
    logger.log('warn', `Entries of the logs of executions are lost: ${lastReason}.`, { entries: dropped });
    warnedAt = clock.now();
    dropped = 0;
  };

  /** Waits for more, or for a store that failed. */
  const arm = (): void => {
    if (clearTimer || writing || closed || waiting.length === 0) return;
    const milliseconds = tries === 0 ? delay : firstDelay * 2 ** (tries - 1);
    const options = { background: tries > 0, elapsed: true };
    clearTimer = clock.setTimer(clock.now() + milliseconds, () => void start(), options);
  };

  const start = (): Promise<void> => {
    clearTimer?.();
    clearTimer = undefined;
    writing ??= write().finally(() => {
      writing = undefined;
      for (const tell of listeners.splice(0)) tell();
      arm();
    });
    return writing;
  };

  /** Writes until nothing waits or the store fails. */
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const next = take();
      try {
        await store(next.map(({ entry }) => entry));
        tries = 0;
      } catch (error) {
        tries++;
        const isLast = closed || hasCode(error, 'CLOSED');
        if (tries < mostTries && !isLast) {
          putBack(next);
          return;
        }
        tries = 0;
        // A process that ends does not wait for every batch to fail.
        const rest = isLast ? waiting.splice(0).length : 0;
        drop(next.length + rest, `they could not be written (${textOf(error)})`);
      }
    }
  };

  const take = (): Waiting[] => {
    let size = 0;
    let count = 0;
    while (
      count < waiting.length &&
      count < batch &&
      (count === 0 || size + waiting[count]!.size <= batchCharacters)
    ) {
      size += waiting[count++]!.size;
    }
    characters -= size;
    return waiting.splice(0, count);
  };

  const putBack = (entries: readonly Waiting[]): void => {
    for (const { size } of entries) characters += size;
    waiting = [...entries, ...waiting];
  };

  /** One entry that a store does not take keeps no other from being written. */
  const store = async (entries: readonly LogEntry[]): Promise<void> => {
    try {
      await logs.add(entries);
    } catch (error) {
      if (isPassing(error) || hasCode(error, 'CLOSED')) throw error;
      if (entries.length === 1) {
        drop(1, `the store does not take them (${textOf(error)})`);
        return;
      }
      const half = entries.length >> 1;
      await store(entries.slice(0, half));
      await store(entries.slice(half));
    }
  };

  return {
    add(event) {
      const { execution_id, timestamp, level, message, data, step_id, index } = event;
      const size = message.length + (data === undefined ? 0 : JSON.stringify(data).length) + 100;
      if (closed) return drop(1, 'the platform has been closed');
      if (waiting.length >= limit || characters + size > mostCharacters)
        return drop(1, 'too many wait for the store');
      const entry: LogEntry = {
        ...{ execution_id, timestamp, level, message },
        ...(data !== undefined && { data }),
        ...(step_id !== undefined && { step_id }),
        ...(index !== undefined && { index }),
      };
      waiting.push({ entry, size });
      characters += size;
      if (tries === 0 && (waiting.length >= batch || characters >= batchCharacters)) void start();
      else arm();
    },
    async flush() {
      while (writing || waiting.length > 0) {
        if (writing || tries === 0) await start();
        // The store has just failed: it is tried again in a while.
        else await new Promise<void>((resolve) => listeners.push(resolve));
      }
    },
    async close() {
      closed = true;
      while (writing || waiting.length > 0) await start();
      clearTimer?.();
      warn();
      for (const tell of listeners.splice(0)) tell();
    },
  };
}
