import { openPlatform, type Platform } from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';
import { documentBody, documentHash, executionRow, idOf, startOf, workflowOf, workflows } from './rows.ts';

export interface ListsOptions {
  part: 'fill' | 'ask';
  /** One storage for each size. */
  storages: { size: number; environment: Record<string, string> }[];
  rounds: number;
  /** Of each question in each round. */
  samples: number;
}

/** Milliseconds, by question, by size, for each round. */
export interface ListsReport {
  times: Record<string, Record<number, { p50: number; p99: number }[]>>;
}

export interface FillReport {
  /** Of the largest one. */
  executionsPerSecond: number;
}

type Query = NonNullable<Parameters<Platform['storage']['executions']['list']>[0]>;

interface Store {
  size: number;
  platform: Platform;
  /** Of a page in the middle. */
  cursor: string;
}

const { options } = await readTask<ListsOptions>();
const { storages, rounds, samples } = options;

/** A slow question is asked for no longer than this in a round, in milliseconds, but so often at least. */
const [longest, fewest] = [10_000, 30];

/** What people ask of the list; `n` differs each time, so that nothing is found that was asked for a moment ago. */
const questions: Record<string, (n: number, store: Store) => Query> = {
  page: () => ({}),
  later: (_, { cursor }) => ({ cursor }),
  workflow: (n) => ({ workflow_id: workflowOf(n) }),
  status: () => ({ status: ['failed'] }),
  statuses: () => ({ status: ['failed', 'cancelled'] }),
  both: (n) => ({ workflow_id: workflowOf(n), status: ['failed'], limit: 1 }),
  since: (n) => ({ started_after: startOf(n % 900) }),
  id: (n, { size }) => ({ q: idOf(n % size).slice(0, 12) }),
  word: (n) => ({ q: `supplier s${n % 1000}` }),
  words: () => ({ q: 'refused connection' }),
  count: () => ({ limit: 1 }),
};

if (options.part === 'fill') await fillAll();
else await askAll();

async function fillAll(): Promise<void> {
  let executionsPerSecond = 0;
  for (const { size, environment } of storages) {
    const platform = await open(environment);
    const begun = performance.now();
    await fill(platform, size);
    executionsPerSecond = (size * 1000) / (performance.now() - begun);
    await platform.close();
  }
  report({ executionsPerSecond } satisfies FillReport);
}

async function askAll(): Promise<void> {
  const stores: Store[] = [];
  for (const { size, environment } of storages) {
    const platform = await open(environment);
    stores.push({ size, platform, cursor: await cursorInTheMiddle(platform, size) });
  }
  for (const store of stores) await check(store);
  const times: ListsReport['times'] = {};
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [question, queryOf] of Object.entries(questions)) {
      const taken = await ask(stores, (i, store) => queryOf(round * samples + i, store));
      if (round === 0) continue;
      const bySize = times[question] ?? {};
      times[question] = bySize;
      for (const [size, values] of taken) {
        values.sort((a, b) => a - b);
        const at = (share: number): number => values[Math.floor((values.length - 1) * share)]!;
        bySize[size] = [...(bySize[size] ?? []), { p50: at(0.5), p99: at(0.99) }];
      }
    }
  }
  for (const { platform } of stores) await platform.close();
  report({ times } satisfies ListsReport);
}

/** In turns, so that what the machine does meanwhile falls on all sizes alike. @returns milliseconds by size */
async function ask(
  stores: readonly Store[],
  queryOf: (i: number, store: Store) => Query,
): Promise<Map<number, number[]>> {
  const taken = new Map<number, number[]>(stores.map(({ size }) => [size, []]));
  const end = performance.now() + longest;
  for (let i = 0; i < samples && (i < fewest || performance.now() < end); i++) {
    for (const store of stores) {
      const query = queryOf(i, store);
      const begun = performance.now();
      await store.platform.storage.executions.list(query);
      taken.get(store.size)!.push(performance.now() - begun);
    }
  }
  return taken;
}

function open(environment: Readonly<Record<string, string>>): Promise<Platform> {
  return openPlatform(
    { ...environment, VWMP_IN_PROCESS_WORKER: 'false' },
    { logger: { log: () => undefined } },
  );
}

/** By what `vwmp db import` uses: the tables as they are, with all of their indexes and tallies. */
async function fill({ storage }: Platform, size: number): Promise<void> {
  const { maintenance } = storage;
  if (!maintenance) throw new Error('This storage cannot import rows.');
  await maintenance.importRows('documents', [{ hash: documentHash, body: documentBody }]);
  const batch = 2000;
  for (let from = 0; from < size; from += batch) {
    const count = Math.min(batch, size - from);
    // The oldest one first, as they come in life.
    const rows = Array.from({ length: count }, (_, i) => executionRow(size - 1 - from - i));
    await maintenance.importRows('executions', rows);
  }
}

async function cursorInTheMiddle({ storage }: Platform, size: number): Promise<string> {
  const page = await storage.executions.list({ started_before: startOf(Math.floor(size / 2)), limit: 10 });
  return page.next_cursor!;
}

/** A wrong list has no speed. */
async function check({ platform, size, cursor }: Store): Promise<void> {
  const list = platform.storage.executions;
  const page = await list.list();
  expect(page.count, size, 'count');
  expect(
    page.results.slice(0, 3).map(({ id }) => id),
    [0, 1, 2].map(idOf),
    'newest',
  );
  expect((await list.list({ workflow_id: workflowOf(7) })).count, size / workflows, 'count of a workflow');
  for (const count of [100, Math.ceil(size / 2), size]) {
    const since = await list.list({ started_after: startOf(count - 1) });
    expect(since.count, count, 'count since then');
  }
  const [found] = (await list.list({ q: idOf(size - 1) })).results;
  expect(found?.id, idOf(size - 1), 'found by id');
  const failed = await list.list({ status: ['failed'] });
  expect((await list.list({ q: 'refused connection' })).count, failed.count, 'found by words');
  const later = await list.list({ cursor });
  expect(later.results.length, 50, 'page in the middle');
}
