import type { Platform } from '@vwmp/core/platform';
import { lookAt, queueNames } from 'operator-common';
import type { Call, Reply, Routes } from '../app/route.ts';
import type { QueueAnswer } from '../contract/index.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/operation.ts';
import { given, pageOf, wholeList } from './common.ts';

const tag = 'Queues';
const path = { name: schemas.queueName };
const errors = ['QUEUE_UNAVAILABLE'];
const answers = { 200: { description: 'How many tasks it has.', schema: schemas.queue } };

/** The queues, and tasks that no attempt could carry out. */
export const queueRoutes: Pick<
  Routes,
  | 'listQueues'
  | 'readQueue'
  | 'pauseQueue'
  | 'resumeQueue'
  | 'listDeadLetters'
  | 'discardDeadLetter'
  | 'retryDeadLetter'
> = {
  listQueues: {
    tag,
    summary: 'List the queues',
    role: 'viewer',
    answers: { 200: { description: 'By name.', schema: schemas.queueList } },
    errors,
    async handle({ platform }) {
      const names = await queueNames(platform.queue);
      const looks = await Promise.all(names.map((name) => lookAt(platform.queue, name)));
      return { status: 200, body: wholeList(looks) };
    },
  },
  readQueue: {
    tag,
    summary: 'Read how many tasks a queue has',
    role: 'viewer',
    path,
    answers,
    errors,
    handle: ({ platform }, { name }) => counts(platform, name),
  },
  pauseQueue: {
    tag,
    summary: 'Pause a queue',
    description:
      'Nothing is given out until it is resumed, and no execution begins or goes on that waits for it; what runs goes on to its end. What was cancelled meanwhile ends then, before anything else. A queue in memory forgets it with its process.',
    role: 'admin',
    path,
    answers,
    errors,
    handle: (call, { name }) => change(call, name, 'paused', () => call.platform.queue.pause(name)),
  },
  resumeQueue: {
    tag,
    summary: 'Resume a queue',
    role: 'admin',
    path,
    answers,
    errors,
    handle: (call, { name }) => change(call, name, 'resumed', () => call.platform.queue.resume(name)),
  },
  listDeadLetters: {
    tag,
    summary: 'List the tasks that no attempt could carry out',
    role: 'viewer',
    path,
    query: pageQuery,
    answers: { 200: { description: 'Oldest first.', schema: schemas.deadLetterList } },
    errors,
    async handle({ platform: { queue } }, { name, ...query }) {
      const page = await queue.dead(name, given(query));
      return { status: 200, body: pageOf(page, ({ task, ...rest }) => ({ ...task, ...rest })) };
    },
  },
  discardDeadLetter: {
    tag,
    summary: 'Discard a dead letter',
    description: 'Nothing is left of it. What it was about is not undone.',
    role: 'admin',
    path: { ...path, task: schemas.taskId },
    answers: { 204: { description: 'It is gone.' } },
    errors,
    async handle({ platform: { queue }, audit }, { name, task }) {
      await queue.discardDead(name, task);
      await audit('queue.discarded', name, { task });
      return { status: 204 };
    },
  },
  retryDeadLetter: {
    tag,
    summary: 'Give a dead letter its attempts back',
    role: 'admin',
    path: { ...path, task: schemas.taskId },
    answers,
    errors,
    handle: (call, { name, task }) =>
      change(call, name, 'retried', () => call.platform.queue.retryDead(name, task), { task }),
  },
};

async function change(
  { platform, audit }: Call,
  name: string,
  action: string,
  apply: () => Promise<void>,
  details: Record<string, string> = {},
): Promise<Reply<QueueAnswer>> {
  await apply();
  await audit(`queue.${action}`, name, details);
  return counts(platform, name);
}

async function counts(platform: Platform, name: string): Promise<Reply<QueueAnswer>> {
  return { status: 200, body: await lookAt(platform.queue, name) };
}
