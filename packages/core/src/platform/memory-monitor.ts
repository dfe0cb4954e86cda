import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** In bytes, as `process.memoryUsage` tells. */
export interface MemoryUsage {
  rss: number;
  heapUsed: number;
  heapTotal: number;
  external: number;
}

export interface MemoryMonitorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In milliseconds; 0 switches it off. */
  readonly interval: number;
  /** What else is worth knowing, such as how many executions are active. */
  counts?(): Readonly<Record<string, number>>;
  /** @defaultValue that of this process */
  usage?(): MemoryUsage;
}

/** Writes the use of memory to the log at an interval. */
export interface MemoryMonitor {
  /** The first time after one interval. Keeps no process alive. Idempotent. */
  open(): void;
  close(): void;
}

export function createMemoryMonitor({
  clock,
  logger,
  interval,
  counts = () => ({}),
  usage = () => process.memoryUsage(),
}: MemoryMonitorOptions): MemoryMonitor {
  let clearTimer: (() => void) | undefined;
  let closed = false;

  const write = (): void => {
    const { rss, heapUsed, heapTotal, external } = usage();
    const message = `Memory: ${megabytes(rss)} resident, ${megabytes(heapUsed)} of heap in use.`;
    logger.log('info', message, {
      ...{ resident: rss, heap_used: heapUsed, heap_total: heapTotal, external },
      ...counts(),
    });
  };

  const arm = (at: number): void => {
    const fire = (): void => {
      // Of what was slept through nothing is made up for, and the beat is kept.
      const late = Math.floor((clock.now() - at) / interval);
      arm(at + (late + 1) * interval);
      try {
        write();
      } catch {
        // Of a log that fails nobody can be told here, and a process is not to end over it.
      }
    };
    clearTimer = clock.setTimer(at, fire, { background: true, elapsed: true });
  };

  return {
    open() {
      if (clearTimer === undefined && interval > 0 && !closed) arm(clock.now() + interval);
    },
    close() {
      closed = true;
      clearTimer?.();
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
