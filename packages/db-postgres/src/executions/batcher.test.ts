import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createBatcher, type Keys } from './batcher.ts';

interface Job extends Keys {
  n: number;
  kind: string;
}

/** A batcher whose batches end when they are told to. */
function gated(parallel: number) {
  const batches: { jobs: readonly Job[]; end(error?: unknown): void }[] = [];
  const batcher = createBatcher<Job, number>({
    keysOf: (job) => job,
    kindOf: ({ kind }) => kind,
    sizeOf: () => 1,
    parallel,
    flush: (jobs) =>
      new Promise((resolve, reject) => {
        batches.push({
          jobs,
          end: (error) => (error ? reject(error) : resolve(jobs.map(({ n }) => ({ result: n })))),
        });
      }),
  });
  return { batcher, batches };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const job = (n: number, own: string[], shared: string[] = [], kind = 'x'): Job => ({ n, own, shared, kind });

test('who is alone goes at once, and who comes meanwhile goes together', async () => {
  const { batcher, batches } = gated(1);
  const first = batcher.add(job(1, ['a']));
  await turn();
  const rest = [2, 3, 4].map((n) => batcher.add(job(n, [`${n}`])));
  await turn();
  expect(batches.map(({ jobs }) => jobs.map(({ n }) => n))).toEqual([[1]]);
  batches[0]!.end();
  expect(await first).toBe(1);
  await turn();
  expect(batches[1]!.jobs.map(({ n }) => n)).toEqual([2, 3, 4]);
  batches[1]!.end();
  expect(await Promise.all(rest)).toEqual([2, 3, 4]);
});

test('another batch goes once it is as large as what is under way', async () => {
  const { batcher, batches } = gated(2);
  const sizes = () => batches.map(({ jobs }) => jobs.length);
  const all = [1, 2, 3].map((n) => batcher.add(job(n, [`${n}`])));
  await turn();
  all.push(...[4, 5].map((n) => batcher.add(job(n, [`${n}`]))));
  await turn();
  expect(sizes()).toEqual([3]);
  all.push(batcher.add(job(6, ['6'])));
  await turn();
  expect(sizes()).toEqual([3, 3]);
  all.push(batcher.add(job(7, ['7'])));
  batches[0]!.end();
  await turn();
  expect(sizes()).toEqual([3, 3]);
  batches[1]!.end();
  await turn();
  expect(sizes()).toEqual([3, 3, 1]);
  batches[2]!.end();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('of one thing there is one at a time, in order, and others pass by', async () => {
  const { batcher, batches } = gated(2);
  const all = [job(1, ['a']), job(2, ['a']), job(3, ['b'], ['a']), job(4, ['c']), job(5, ['a'])].map(
    batcher.add,
  );
  await turn();
  expect(batches.map(({ jobs }) => jobs.map(({ n }) => n))).toEqual([[1, 4]]);
  batches[0]!.end();
  await turn();
  expect(batches[1]!.jobs.map(({ n }) => n)).toEqual([2]);
  batches[1]!.end();
  await turn();
  expect(batches[2]!.jobs.map(({ n }) => n)).toEqual([3]);
  batches[2]!.end();
  await turn();
  batches[3]!.end();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
});

test('a batch is of one kind: what there is most of goes first, but nothing waits for long', async () => {
  using clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const { batcher, batches } = gated(1);
  const add = (n: number, kind: string) => batcher.add(job(n, [`${n}`], [], kind));
  const all = [add(1, 'x'), add(2, 'y'), add(3, 'y')];
  await turn();
  expect(batches.map(({ jobs }) => jobs.map(({ n }) => n))).toEqual([[2, 3]]);
  all.push(add(4, 'z'), add(5, 'z'));
  clock.mockReturnValue(1011);
  batches[0]!.end();
  await turn();
  expect(batches[1]!.jobs.map(({ n }) => n)).toEqual([1]);
  batches[1]!.end();
  await turn();
  expect(batches[2]!.jobs.map(({ n }) => n)).toEqual([4, 5]);
  batches[2]!.end();
  await Promise.all(all);
});

test('what shares something counts as many as it is', async () => {
  const { batcher, batches } = gated(1);
  const all = [
    ...[1, 2].map((n) => batcher.add(job(n, [`${n}`], [], 'x'))),
    ...[3, 4, 5].map((n) => batcher.add(job(n, [`${n}`], ['a'], 'y'))),
  ];
  await turn();
  expect(batches[0]!.jobs.map(({ n }) => n)).toEqual([3, 4, 5]);
  batches[0]!.end();
  await turn();
  batches[1]!.end();
  await Promise.all(all);
});

test('what is free passes by any number that wait for one thing', async () => {
  const { batcher, batches } = gated(2);
  const all = Array.from({ length: 2000 }, (_, n) => batcher.add(job(n, ['a'])));
  void Promise.allSettled(all);
  await turn();
  expect(batches.map(({ jobs }) => jobs.length)).toEqual([1]);
  void batcher.add(job(2000, ['b'], [], 'y'));
  await turn();
  expect(batches[1]!.jobs.map(({ n }) => n)).toEqual([2000]);
});

test('a very long queue is carried out to its end', async () => {
  const batcher = createBatcher<Job, number>({
    ...{ keysOf: (each) => each, kindOf: ({ kind }) => kind, sizeOf: () => 1, parallel: 2 },
    flush: async (jobs) => jobs.map(({ n }) => ({ result: n })),
  });
  const jobs = Array.from({ length: 150_000 }, (_, n) => job(n, [`${n}`], [], `${n % 3}`));
  expect(await Promise.all(jobs.map(batcher.add))).toEqual(jobs.map(({ n }) => n));
});

test('what a batch fails with everyone in it gets, unless it is about one of them', async () => {
  const { batcher, batches } = gated(1);
  const both = [batcher.add(job(1, ['a'])), batcher.add(job(2, ['b']))];
  const caught = Promise.allSettled(both);
  await turn();
  batches[0]!.end(Object.assign(new Error('disk'), { code: '53100' }));
  expect((await caught).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

  const again = Promise.allSettled([batcher.add(job(1, ['a'])), batcher.add(job(2, ['b']))]);
  await turn();
  const wrong = Object.assign(new Error('value'), { code: '22021' });
  batches[1]!.end(wrong);
  await turn();
  batches[2]!.end(wrong);
  await turn();
  batches[3]!.end();
  expect((await again).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('nothing that touches the same is under way at the same time, and nothing overtakes', async () => {
  const keyArb = fc.constantFrom('a', 'b', 'c', 'd');
  const jobsArb = fc.array(
    fc.record({
      own: fc.uniqueArray(keyArb, { maxLength: 2 }),
      shared: fc.uniqueArray(keyArb, { maxLength: 2 }),
      kind: fc.constantFrom('x', 'y', 'z'),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(
      jobsArb,
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(fc.nat()),
      async (given, parallel, picks) => {
        const jobs = given.map(({ own, shared, kind }, n) =>
          job(
            n,
            own,
            shared.filter((key) => !own.includes(key)),
            kind,
          ),
        );
        const { batcher, batches } = gated(parallel);
        const results = Promise.all(jobs.map(batcher.add));
        const started: number[][] = [];
        const running = new Set<(typeof batches)[number]>();
        let seen = 0;
        for (;;) {
          await turn();
          for (; seen < batches.length; seen++) {
            running.add(batches[seen]!);
            started.push(batches[seen]!.jobs.map(({ n }) => n));
          }
          for (const { jobs: each } of running) expect(new Set(each.map(({ kind }) => kind)).size).toBe(1);
          const open = [...running].flatMap(({ jobs: each }) => each);
          for (const one of open) {
            for (const other of open) {
              if (one === other) continue;
              expect(one.own.some((key) => other.own.includes(key) || other.shared.includes(key))).toBe(
                false,
              );
            }
          }
          if (running.size === 0) break;
          const chosen = [...running][(picks.next().value as number) % running.size]!;
          running.delete(chosen);
          chosen.end();
        }
        expect(await results).toEqual(jobs.map(({ n }) => n));
        const order = started.flat();
        for (const one of jobs) {
          for (const later of jobs.slice(one.n + 1)) {
            const touch =
              one.own.some((key) => later.own.includes(key) || later.shared.includes(key)) ||
              one.shared.some((key) => later.own.includes(key) || later.shared.includes(key));
            if (touch) expect(order.indexOf(one.n)).toBeLessThan(order.indexOf(later.n));
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
