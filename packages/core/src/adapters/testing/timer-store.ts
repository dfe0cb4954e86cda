import assert from 'node:assert/strict';
import type { TimerRecord, TimerStore } from '../../ports/timer-store.ts';
import { epochStart, second } from './samples.ts';
import { type Case, caseOf, type Subject, tamper } from './suite.ts';

/** What every {@link TimerStore} does. */
export function timerStoreCases(subject: Subject<TimerStore>): Case[] {
  const timer = (key: string, at: number, execution_id = 'e1'): TimerRecord => ({
    execution_id,
    key,
    at: second(at),
  });
  const at = (seconds: number): number => epochStart + seconds * 1000;
  const claim = async (
    store: TimerStore,
    seconds: number,
    limit = 100,
    visibility = 30_000,
  ): Promise<string[]> => (await store.claim(at(seconds), limit, visibility)).map(({ key }) => key);

  return [
    caseOf(subject, 'due timers come out, the earliest first', async (store) => {
      for (const n of [5, 1, 4, 2, 3]) await store.set(timer(`t${n}`, n));
      assert.deepEqual(await claim(store, 3), ['t1', 't2', 't3']);
      assert.deepEqual(await claim(store, 3), []);
      assert.deepEqual(await store.claim(at(4), 10, 1000), [timer('t4', 4)]);
    }),
    caseOf(subject, 'never more than asked for', async (store) => {
      for (const n of [1, 2, 3]) await store.set(timer(`t${n}`, n));
      assert.deepEqual(await claim(store, 9, 2), ['t1', 't2']);
      assert.deepEqual(await claim(store, 9, 2), ['t3']);
      assert.deepEqual(await claim(store, 9, 0), []);
    }),
    caseOf(subject, 'a timer is due at its time and not a moment earlier', async (store) => {
      await store.set(timer('t', 1));
      assert.deepEqual(await store.claim(at(1) - 1, 10, 1000), []);
      assert.equal((await store.claim(at(1), 10, 1000)).length, 1);
    }),
    caseOf(subject, 'a claimed timer comes again unless it was cleared', async (store) => {
      await store.set(timer('t1', 1));
      await store.set(timer('t2', 1));
      assert.equal((await claim(store, 2, 10, 5000)).length, 2);
      await store.clear('e1', 't1');
      assert.deepEqual(await claim(store, 6), []);
      assert.deepEqual(await claim(store, 7), ['t2']);
    }),
    caseOf(subject, 'setting a timer anew replaces it', async (store) => {
      await store.set(timer('t', 1));
      await store.set(timer('t', 5));
      assert.deepEqual(await claim(store, 4), []);
      assert.deepEqual(await claim(store, 5), ['t']);
      await store.set(timer('t', 6));
      assert.deepEqual(await claim(store, 6), ['t']);
    }),
    caseOf(subject, 'keys belong to their execution', async (store) => {
      await store.set(timer('t', 1, 'e1'));
      await store.set(timer('t', 1, 'e2'));
      await store.set(timer('u', 1, 'e2'));
      await store.clear('e1');
      await store.clear('e1');
      await store.clear('e2', 'u');
      await store.clear('nobody', 'u');
      assert.deepEqual(await store.claim(at(1), 10, 1000), [timer('t', 1, 'e2')]);
    }),
    caseOf(subject, 'next says when there is something to claim', async (store) => {
      assert.equal(await store.next(), undefined);
      await store.set(timer('t1', 5));
      await store.set(timer('t2', 3));
      assert.equal(await store.next(), at(3));
      await store.claim(at(3), 10, 60_000);
      assert.equal(await store.next(), at(5));
      await store.clear('e1', 't1');
      assert.equal(await store.next(), at(63));
      await store.clear('e1');
      assert.equal(await store.next(), undefined);
    }),
    caseOf(subject, 'callers at the same time get different timers', async (store, bench) => {
      const other = subject.durable ? await bench.another() : store;
      await Promise.all(Array.from({ length: 60 }, (_, n) => store.set(timer(`t${n}`, n % 7))));
      const given = await Promise.all(
        Array.from({ length: 12 }, (_, n) => claim(n % 2 ? store : other, 10, 5)),
      );
      assert.equal(new Set(given.flat()).size, 60);
      assert.equal(given.flat().length, 60);
    }),
    caseOf(subject, 'thousands of timers that come and go keep their order', async (store) => {
      const expected: [number, string][] = [];
      for (let n = 0; n < 2000; n++) {
        const due = (n * 7919) % 1999;
        await store.set(timer(`t${n}`, due));
        if (n % 3 === 0) expected.push([due, `t${n}`]);
        else await store.clear('e1', `t${n}`);
      }
      expected.sort(([a], [b]) => a - b);
      const claimed = await store.claim(at(5000), 5000, 1000);
      assert.deepEqual(
        claimed.map(({ at: due }) => due),
        expected.map(([due]) => second(due)),
      );
      assert.deepEqual(claimed.map(({ key }) => key).sort(), expected.map(([, key]) => key).sort());
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const given = timer('t', 1);
      await store.set(given);
      tamper(() => Object.assign(given, { key: 'changed' }));
      const [claimed] = await store.claim(at(1), 1, 1000);
      tamper(() => Object.assign(claimed!, { key: 'changed' }));
      assert.deepEqual(await store.claim(at(2), 1, 1000), [timer('t', 1)]);
    }),
  ];
}
