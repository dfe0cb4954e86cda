import type { ExecutionObserver } from '../engine/observer.ts';
import type { Retention } from '../ports/execution-store.ts';
import { createLogWriter } from './log-writer.ts';
import { createMemoryMonitor } from './memory-monitor.ts';
import type { PlatformParts } from './parts.ts';
import { createPruner } from './retention.ts';

/** What goes on beside the executions: logs are written, old executions removed, memory told of. */
export interface Housekeeping {
  /** Takes the logs of steps. */
  readonly observer: ExecutionObserver;
  open(): void;
  close(): Promise<void>;
}

/** @param counts - what there is of in this process, for the log */
export function createHousekeeping(
  { settings, storage, clock, logger, retention }: PlatformParts,
  counts: () => Readonly<Record<string, number>>,
): Housekeeping {
  const logs = createLogWriter({ logs: storage.logs, clock, logger });
  const { maxAge, maxCount } = settings.retention;
  const general: Retention = {
    ...(maxAge === undefined ? {} : { max_age: maxAge }),
    ...(maxCount === undefined ? {} : { max_count: maxCount }),
  };
  const { executions, maintenance } = storage;
  const rules = [general, ...retention];
  const pruner = createPruner({ executions, maintenance, clock, logger, rules });
  const monitor = createMemoryMonitor({ clock, logger, interval: settings.memoryLogInterval, counts });
  return {
    observer: { onLog: logs.add },
    open() {
      pruner.open();
      monitor.open();
    },
    async close() {
      monitor.close();
      await Promise.all([pruner.close(), logs.close()]);
    },
  };
}
