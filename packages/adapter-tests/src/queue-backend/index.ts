import type { QueueBackend } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from '../lifecycle.ts';
import type { Case } from '../suite.ts';
import { consumeCases } from './consume.ts';
import { numbered } from './consuming.ts';
import { deadLetterCases } from './dead-letters.ts';
import { durableCases } from './durable.ts';
import { optionCases } from './options.ts';
import { recoveryCases } from './recovery.ts';
import type { QueueSubject } from './subject.ts';
import { taskCases } from './tasks.ts';
import { withdrawCases } from './withdraw.ts';

/** Everything that a {@link QueueBackend} has to pass. */
export function queueBackendSuite(subject: QueueSubject): Case[] {
  const task = { id: 't', ...numbered(1), queue: 'q', attempt: 1 };
  const uses: Uses<QueueBackend> = {
    enqueue: (queue) => queue.enqueue('q', numbered(1)),
    withdraw: (queue) => queue.withdraw('q', 'k'),
    getTask: (queue) => queue.getTask('q', 0),
    markComplete: (queue) => queue.markComplete(task),
    markFailed: (queue) => queue.markFailed(task, { code: 'NO', message: 'no' }),
    consume: (queue) => queue.consume('q', {}, async () => null),
    counts: (queue) => queue.counts('q'),
    pause: (queue) => queue.pause('q'),
    resume: (queue) => queue.resume('q'),
    queues: (queue) => queue.queues(),
    ping: (queue) => queue.ping(),
    dead: (queue) => queue.dead('q'),
    retryDead: (queue) => queue.retryDead('q', 't'),
    discardDead: (queue) => queue.discardDead('q', 't'),
  };
  return [
    ...taskCases(subject),
    ...optionCases(subject),
    ...withdrawCases(subject),
    ...consumeCases(subject),
    ...recoveryCases(subject),
    ...deadLetterCases(subject),
    ...durableCases(subject),
    ...lifecycleCases(subject, uses),
  ];
}
