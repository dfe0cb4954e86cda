import { parseDocument } from '@vwmp/core/language';
import { expect, test, vi } from 'vitest';
import { isQueueName, lookAt, queueNames } from './queue-look.ts';

vi.mock(import('@vwmp/core/language'), { spy: true });

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

const parts = (texts: readonly string[], limit = 100) => ({
  settings: { worker: { queues: [] } } as never,
  queue: { queues: async () => [] } as never,
  workflows: {
    // As a store in memory or in a file of this machine answers: at once.
    list: async ({ q = '', cursor = '0' }) => {
      const found = texts.filter((text) => text.includes(q));
      const end = Number(cursor) + limit;
      return {
        results: found.slice(Number(cursor), end).map((text) => ({ text })),
        ...(end < found.length && { next_cursor: String(end) }),
      };
    },
  } as never,
});

test.each([
  ['in plain text', 'queue: gpu', true],
  ['in JSON', '"queue": "\\u0067pu"', true],
  ['in hex', 'queue: "\\x67\\U00000070u"', true],
  ['by its key', '"\\x71ueue": gpu', true],
  ['over two lines', 'queue: "g\\\n      pu"', true],
  ['behind a backslash', "note: 'C:\\gpu\\', queue: gpu", true],
  ['after an escaped backslash', 'note: "\\\\u0067pu", queue: "\\u0067pu"', true],
  ['as a backslash and its letters', 'queue: "\\\\x67pu"', false],
  ['of no step', 'description: "queue \\x67pu"', false],
])('a queue is named %s', async (_, step, answer) => {
  const text = `id: a\nname: A\nsteps:\n  - {id: b, handler: core.set, ${step}}\n`;
  expect(await isQueueName('gpu', parts([text]))).toBe(answer);
});

test('others have their turn while documents are read', async () => {
  const text = 'id: a\nname: "A\\n"\nsteps: [{id: b, handler: core.set, queue: gpu.large}]\n';
  for (const name of ['gpu', 'mail']) {
    let turns = 0;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const documents = Array.from({ length: 20 }, () => text);
    expect(await isQueueName(name, parts(documents, 1))).toBe(false);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(19);
  }
});

test('what cannot name it is not read', async () => {
  vi.mocked(parseDocument).mockClear();
  const text = 'id: a\nname: "\\ud83d\\ude00 \\n C:\\\\gpu"\nsteps: [{id: b, handler: core.set}]\n';
  const other = 'id: a\nname: "\\n"\nsteps: [{id: b, handler: core.set, queue: mails}]\n';
  for (const name of ['gpu', 'qpu']) expect(await isQueueName(name, parts([text, other]))).toBe(false);
  expect(parseDocument).not.toHaveBeenCalled();
  expect(await isQueueName('mails', parts([text, other]))).toBe(true);
  expect(parseDocument).toHaveBeenCalled();
});
