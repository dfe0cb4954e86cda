import { type ExecutionEvent, type Plugin, VwmpError } from '@vwmp/core';
import type { Append, Storage } from '@vwmp/core/ports';
import { describe, expect, it } from 'vitest';
import { overlay, withExecutions } from './testing/freezing-storage.ts';
import {
  ended,
  type MemoryPlace,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const lease = 15_000;
const createPlace = usePlaces();

const namesIn = ({ events }: Append): string[] => events.map(({ event }) => event);

/** The storage of a place that tells of each append before it is carried out. */
function listening(place: MemoryPlace, before: (append: Append) => Promise<void> | void): Storage {
  const { executions } = place.storage;
  const heard = overlay(executions, {
    async append(append) {
      await before(append);
      return executions.append(append);
    },
  });
  return shared(withExecutions(place.storage, heard));
}

const steps = [
  { id: 'first', handler: 'test.act' },
  { id: 'second', handler: 'test.act', dependencies: ['first'] },
];

/** Has an execution accepted where nobody works on it. */
async function accept(place: MemoryPlace, document = workflow(steps)): Promise<string> {
  const plugins = [testPlugin({ act: () => null })];
  const platform = await openOver(place, { worker: { inProcess: false }, plugins });
  return (await platform.start(document)).execution_id;
}

describe('an execution that was claimed', () => {
  it('has its start recorded along with what ends at once, and nobody is told before', async () => {
    const place = createPlace();
    const id = await accept(place);
    const appends: string[][] = [];
    const told: string[] = [];
    const toldBefore: number[] = [];
    const note = ({ event }: ExecutionEvent): void => void told.push(event);
    await openOver(place, {
      storage: listening(place, (append) => {
        appends.push(namesIn(append));
        toldBefore.push(told.length);
      }),
      plugins: [testPlugin({ act: () => 1 })],
      observers: [
        { onWorkflowStarted: note, onStepStarted: note, onStepCompleted: note, onWorkflowCompleted: note },
      ],
    });
    await ended(place, id);
    expect(appends).toEqual([
      ['workflow_started', 'step_completed'],
      ['step_completed', 'workflow_completed'],
    ]);
    expect(told).toEqual([
      ...['workflow_started', 'step_started', 'step_completed'],
      ...['step_started', 'step_completed', 'workflow_completed'],
    ]);
    expect(toldBefore[0]).toBe(0);
  });

  it('has its start recorded while its first step runs, and what that tells comes after it', async () => {
    const place = createPlace();
    const id = await accept(place);
    const recording = Promise.withResolvers<void>();
    const running = Promise.withResolvers<void>();
    const logged = Promise.withResolvers<void>();
    const told: string[] = [];
    const note = ({ event }: ExecutionEvent): void => void told.push(event);
    await openOver(place, {
      storage: listening(place, async (append) => {
        if (namesIn(append).includes('workflow_started')) await recording.promise;
      }),
      plugins: [
        testPlugin({
          act: async ({ logger }) => {
            await new Promise((resolve) => setImmediate(resolve));
            await new Promise((resolve) => setImmediate(resolve));
            logger.info('It goes on.');
            logged.resolve();
            await running.promise;
          },
        }),
      ],
      observers: [{ onWorkflowStarted: note, onStepStarted: note, onLog: note }],
    });
    await logged.promise;
    expect(told).toEqual([]);
    expect(await statusOf(place, id)).toBe('pending');
    recording.resolve();
    await until(() => told.length === 3);
    expect(await statusOf(place, id)).toBe('running');
    expect(told).toEqual(['workflow_started', 'step_started', 'log']);
    running.resolve();
    await ended(place, id);
  });

  it('is begun anew by another worker when this one is gone before its start is recorded', async () => {
    const place = createPlace();
    const id = await accept(place);
    const stuck = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const runs: string[] = [];
    await openOver(place, {
      storage: listening(place, (append) => {
        if (append.summary.id !== id) return undefined;
        reached.resolve();
        return stuck.promise;
      }),
      plugins: [testPlugin({ act: ({ step }) => void runs.push(`a ${step.id}`) })],
    });
    await reached.promise;
    // Its lease has run out: nothing that it sends gets through any more.
    await place.storage.executions.retire((await place.storage.executions.get(id))!.owner!);
    await openOver(place, { plugins: [testPlugin({ act: ({ step }) => void runs.push(`b ${step.id}`) })] });
    await place.clock.advance(2 * lease);
    await ended(place, id);
    stuck.resolve();
    expect(await statusOf(place, id)).toBe('success');
    expect(runs).toEqual(['a first', 'b first', 'b second']);
    const names: string[] = [];
    for await (const { event } of place.storage.executions.events(id)) names.push(event);
    expect(names).toEqual([
      ...['workflow_queued', 'workflow_started'],
      ...['step_completed', 'step_completed', 'workflow_completed'],
    ]);
  });

  it('waits for its start to be recorded where it could be ended without its owner', async () => {
    const place = createPlace();
    const id = await accept(place, workflow(steps, { concurrency: { key: 'one', limit: 1 } }));
    const runs: string[] = [];
    const runsBefore: number[] = [];
    await openOver(place, {
      storage: listening(place, (append) => {
        if (namesIn(append).includes('workflow_started')) runsBefore.push(runs.length);
      }),
      plugins: [testPlugin({ act: () => void runs.push('ran') })],
    });
    await ended(place, id);
    expect(runsBefore).toEqual([0]);
  });
});

it('an execution that could not be claimed is looked for soon after', async () => {
  const place = createPlace();
  const { executions } = place.storage;
  let claims = 0;
  const stumbling = overlay(executions, {
    async claim(...given) {
      if (claims++ === 0) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
      return executions.claim(...given);
    },
  });
  const storage = shared(withExecutions(place.storage, stumbling));
  const wait = { id: 'a', handler: 'core.wait', config: { signal: 'go' } };
  const platform = await openOver(place, { storage });
  const { execution_id: id } = await platform.start(workflow([wait]));
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await platform.signal(id, 'go');
  await until(() => claims === 1);
  await settle();
  await place.clock.advance(2000);
  await ended(place, id, 1000);
});

it('an execution that cannot be read while it can be claimed is tried again at intervals', async () => {
  const place = createPlace();
  const { executions } = place.storage;
  let isAway = true;
  let claims = 0;
  const halved = overlay(executions, {
    claim(...given) {
      claims++;
      return executions.claim(...given);
    },
    async messages(of) {
      if (isAway) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
      return executions.messages(of);
    },
  });
  const id = await accept(place);
  const storage = shared(withExecutions(place.storage, halved));
  await openOver(place, { storage, plugins: [testPlugin({ act: () => null })] });
  for (let second = 0; second < 10; second++) {
    await place.clock.advance(1000);
    for (let turn = 0; turn < 20; turn++) await settle();
  }
  expect(claims).toBeGreaterThan(1);
  expect(claims).toBeLessThanOrEqual(20);
  isAway = false;
  await place.clock.advance(2000);
  await ended(place, id);
});

describe('an execution whose handlers a process does not have', () => {
  const document = workflow([
    { id: 'first', handler: 'test.act', compensate: { handler: 'test.undo' } },
    { id: 'go', handler: 'core.wait', dependencies: ['first'], config: { signal: 'go' } },
    { id: 'last', handler: 'test.late', dependencies: ['go'] },
  ]);
  const plugin = (runs: string[], names: readonly string[]): Plugin =>
    testPlugin(Object.fromEntries(names.map((name) => [name, () => void runs.push(name)])));

  /** Waits in the middle, with nobody there. */
  async function begin(place: MemoryPlace, runs: string[]): Promise<string> {
    const platform = await openOver(place, { plugins: [plugin(runs, ['act', 'undo', 'late'])] });
    const { execution_id: id } = await platform.start(document);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await platform.close();
    return id;
  }

  it('is left as it is, which the log says, and goes on where they are', async () => {
    const place = createPlace();
    const runs: string[] = [];
    const id = await begin(place, runs);
    const logged: string[] = [];
    const without = await openOver(place, {
      plugins: [plugin(runs, ['act', 'undo'])],
      logger: { log: (_level, message, fields) => void logged.push(`${message} ${fields?.error}`) },
    });
    await without.signal(id, 'go');
    await until(() => logged.some((line) => /could not be taken up.*"test\.late"/s.test(line)));
    expect(await statusOf(place, id)).toBe('waiting');
    await without.close();
    await openOver(place, { plugins: [plugin(runs, ['act', 'undo', 'late'])] });
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
    expect(runs).toEqual(['act', 'late']);
  });

  it('is left to others for half a minute from when it was cancelled, however long it could not be taken up', async () => {
    const place = createPlace();
    const runs: string[] = [];
    const id = await begin(place, runs);
    const without = await openOver(place, { plugins: [plugin(runs, ['act', 'undo'])] });
    await without.signal(id, 'go');
    for (let second = 0; second < 119; second++) {
      await place.clock.advance(1000);
      await settle();
    }
    await without.cancel(id);
    for (let second = 0; second < 28; second++) {
      await place.clock.advance(1000);
      await settle();
    }
    expect((await place.storage.executions.get(id))!.completed_at).toBeUndefined();
    await place.clock.advance(60_000);
    expect(await without.wait(id)).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled without being undone when nobody else has come to do it, and says of which steps', async () => {
    const place = createPlace();
    const runs: string[] = [];
    const id = await begin(place, runs);
    const without = await openOver(place, { plugins: [plugin(runs, ['act', 'undo'])] });
    await without.cancel(id);
    await until(async () => (await place.storage.executions.get(id))!.epoch > 1);
    expect(await statusOf(place, id)).toBe('waiting');
    await place.clock.advance(31_000);
    const { status, error } = await without.wait(id);
    expect(status).toBe('cancelled');
    expect(error?.details).toMatchObject({ compensation_errors: [{ step_id: 'first' }] });
    expect(runs).toEqual(['act']);
  });
});
