import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';
import { type Audience, createAudience } from './audience.ts';

let sent: number[];
let answers: PromiseWithResolvers<boolean>[];
let hears: boolean;
let audience: Audience;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  sent = [];
  answers = [];
  hears = true;
  audience = createAudience({
    send: ({ seq }) => sent.push(seq),
    hears: () => hears,
    ask() {
      const answer = Promise.withResolvers<boolean>();
      answers.push(answer);
      return answer.promise;
    },
  });
});
afterEach(() => {
  audience.close();
  vi.useRealTimers();
});

const publish = (seq: number): void =>
  audience.publish({
    ...{ event: 'log', level: 'info', message: 'm', execution_id: 'e', seq },
    timestamp: '2026-01-01T00:00:00.000Z',
  } satisfies ExecutionEvent);

async function answer(watched: boolean): Promise<void> {
  answers.at(-1)!.resolve(watched);
  await answers.at(-1)!.promise;
  await Promise.resolve();
}

test('everything is sent until it is known that nobody watches', async () => {
  publish(1);
  publish(2);
  expect(answers).toHaveLength(1);
  await answer(false);
  publish(3);
  expect(sent).toEqual([1, 2]);
});

test('what was not sent a moment ago is, before all else, when somebody is heard of', async () => {
  publish(1);
  await answer(false);
  publish(2);
  vi.advanceTimersByTime(1000);
  publish(3);
  publish(4);
  audience.heard();
  publish(5);
  expect(sent).toEqual([1, 3, 4, 5]);
  vi.advanceTimersByTime(5000);
  publish(6);
  await answer(true);
  publish(7);
  expect(sent).toEqual([1, 3, 4, 5, 6, 7]);
});

test('who is heard of while the question is under way counts more than the answer', async () => {
  publish(1);
  audience.heard();
  await answer(false);
  publish(2);
  expect(sent).toEqual([1, 2]);
});

test('nothing is taken for sure without being told, and after that it is asked anew', async () => {
  publish(1);
  await answer(false);
  publish(2);
  hears = false;
  publish(3);
  expect(sent).toEqual([1, 2, 3]);
  hears = true;
  audience.unsure();
  publish(4);
  expect(answers).toHaveLength(2);
  await answer(false);
  publish(5);
  expect(sent).toEqual([1, 2, 3, 4]);
});

test('a question that fails leaves it open, and is not asked at once again', async () => {
  publish(1);
  answers[0]!.reject(new Error('away'));
  await answers[0]!.promise.catch(() => {});
  await Promise.resolve();
  publish(2);
  expect(answers).toHaveLength(1);
  vi.advanceTimersByTime(5000);
  publish(3);
  expect(answers).toHaveLength(2);
  expect(sent).toEqual([1, 2, 3]);
});

test('what is kept is bounded, and goes when nothing more comes', async () => {
  publish(0);
  await answer(false);
  for (let seq = 1; seq <= 10_000; seq++) publish(seq);
  audience.heard();
  expect(sent.length).toBeLessThanOrEqual(501);
  expect(sent.at(-1)).toBe(10_000);
  sent = [];
  vi.advanceTimersByTime(5000);
  publish(1);
  await answer(false);
  publish(2);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  audience.heard();
  expect(sent).toEqual([1]);
});
