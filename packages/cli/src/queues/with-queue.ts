import type { QueueBackend } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { queueNames } from 'operator-common';
import { didYouMean } from '../cli/nearest.ts';
import { UsageError } from '../cli/usage-error.ts';
import { noteChange } from '../platform/note-change.ts';
import { withPlatform } from '../platform/with-platform.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a command does with queues. */
export interface QueueAccess {
  platform: Platform;
  queue: QueueBackend;
  /** Notes in the audit log what was done to one, as the API does. */
  note(
    action: 'paused' | 'resumed' | 'retried' | 'discarded',
    name: string,
    details?: Record<string, string>,
  ): Promise<void>;
}

/** Opens the queues for one command. @throws UsageError where they are in memory; QUEUE_UNAVAILABLE */
export async function withQueues(
  terminal: Terminal,
  use: (access: QueueAccess) => Promise<number>,
): Promise<number> {
  return withPlatform('queues', terminal, ({ platform, platform: { queue, storage } }) =>
    use({
      ...{ platform, queue },
      note: (action, name, details = {}) =>
        noteChange(storage.audit, terminal, `queue.${action}`, name, details),
    }),
  );
}

/** @throws UsageError for a name that no queue has */
export async function checkQueueName(
  queue: QueueBackend,
  name: string,
  command: string,
  advice = '',
): Promise<void> {
  const names = await queueNames(queue);
  if (names.includes(name)) return;
  const hint = didYouMean(name, names) || ` These are there: ${names.join(', ')}.`;
  throw new UsageError(`There is no queue "${safe(name)}".${safe(hint)}${advice}`, command);
}
