import { expect, test } from 'vitest';
import { lookAt, queueNames } from './queue-look.ts';

test('the queue of executions is there before anything was put into it', async () => {
  expect(await queueNames({ queues: async () => [] })).toEqual(['executions']);
  expect(await queueNames({ queues: async () => ['mails', 'executions', 'a'] })).toEqual([
    'a',
    'executions',
    'mails',
  ]);
});

test('whether it is paused is always told, and since when letters are dead only where some are', async () => {
  const counts = { waiting: 1, delayed: 2, active: 3, dead: 0 };
  expect(await lookAt({ counts: async () => counts }, 'a')).toStrictEqual({
    name: 'a',
    ...counts,
    paused: false,
  });
  const dead = { ...counts, dead: 1, dead_since: '2030-01-01T00:00:00.000Z', paused: true as const };
  expect(await lookAt({ counts: async () => dead }, 'a')).toStrictEqual({ name: 'a', ...dead });
});
