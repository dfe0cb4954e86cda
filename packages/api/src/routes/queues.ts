import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import { isQueueName, lookAt, queueNames } from 'operator-common';
import type { Call, Reply, Routes } from '../app/route.ts';
import type { QueueAnswer } from '../contract/index.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/operation.ts';
import { given, notFound, pageOf, wholeList } from './common.ts';

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
    description: 'A name of which nothing knows is refused, as it may be mistyped.',
    role: 'viewer',
    path,
    answers,
    errors,
    async handle(call, { name }) {
      await checkName(call, name);
      return counts(call.platform, name);
    },
  },
  pauseQueue: {
    tag,
    summary: 'Pause a queue',
    description:
      'Nothing is given out until it is resumed, and no execution begins or goes on that waits for it; what runs goes on to its end. What was cancelled meanwhile ends then, before anything else. A queue in memory forgets it with its process. A name of which nothing knows is refused, as it may be mistyped, unless it is forced.',
    role: 'admin',
    path,
    query: {
      force: Type.Optional(
        Type.Boolean({
          description: 'Also where nothing was ever queued there, and no worker or stored workflow names it.',
        }),
      ),
    },
    answers,
    errors,
    async handle(call, { name, force = false }) {
      if (!force) await checkName(call, name, ' To pause it before its first task, add "?force=true".');
      return change(call, name, 'paused', () => call.platform.queue.pause(name));
    },
  },
  resumeQueue: {
    tag,
    summary: 'Resume a queue',
    role: 'admin',
    path,
    answers,
    errors,
    async handle(call, { name }) {
      await checkName(call, name);
      return change(call, name, 'resumed', () => call.platform.queue.resume(name));
    },
  },
  listDeadLetters: {
    tag,
    summary: 'List the tasks that no attempt could carry out',
    role: 'viewer',
    path,
    query: pageQuery,
    answers: { 200: { description: 'Oldest first.', schema: schemas.deadLetterList } },
    errors,
    async handle(call, { name, ...query }) {
      await checkName(call, name);
      const page = await call.platform.queue.dead(name, given(query));
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

/** @throws NOT_FOUND */
async function checkName({ platform }: Call, name: string, advice = ''): Promise<void> {
  if (await isQueueName(name, platform)) return;
  const names = (await queueNames(platform.queue)).join(', ');
  throw notFound('NOT_FOUND', `There is no queue "${name}". These are there: ${names}.${advice}`);
}

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
