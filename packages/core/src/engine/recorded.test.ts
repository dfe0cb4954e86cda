import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMemoryExecutionStore } from '../adapters/memory/index.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { WorkflowEngine } from './engine.ts';
import { createGate } from './testing/gate.ts';
import { testPlugin } from './testing/steps.ts';

/** What of an execution does not depend on when it ran. */
function outcome({ status, output, error, compensated, steps }: Execution): unknown {
  const timeless = Object.entries(steps).map(([id, { started_at: _s, completed_at: _c, ...rest }]) => [
    id,
    rest,
  ]);
  return { status, output, code: error?.code, compensated, steps: Object.fromEntries(timeless) };
}

async function history(store: ExecutionStore, id: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.events(id)) events.push(event);
  return events;
}

/** A store that holds what a process had recorded when it ended after `count` events. */
async function crashedAfter(whole: ExecutionStore, id: string, count: number): Promise<ExecutionStore> {
  const store = createMemoryExecutionStore();
  await store.open();
  const record = (await whole.get(id))!;
  const events = (await history(whole, id)).slice(0, count);
  const { document, seq: _seq, epoch: _epoch, completed_at: _completed, ...rest } = record;
  await store.append({
    summary: { ...rest, status: 'running' },
    expected_seq: 0,
    epoch: 0,
    events,
    document,
  });
  return store;
}

const saga: WorkflowDocument = {
  name: 'saga',
  output: '${steps.each.output}',
  steps: [
    { id: 'book', handler: 'test.once', compensate: { handler: 'test.once', config: { undo: true } } },
    { id: 'each', handler: 'test.once', dependencies: ['book'], foreach: [1, 2, 3], concurrency: 2 },
    {
      id: 'poll',
      handler: 'core.set',
      dependencies: ['book'],
      config: { value: '${index}' },
      repeat: { until: 'output >= 2' },
    },
    { id: 'flaky', handler: 'core.fail', config: { until_attempt: 3 }, retry: { attempts: 3, delay: 0 } },
    {
      id: 'ship',
      handler: 'core.fail',
      dependencies: ['each', 'poll', 'flaky'],
      config: { code: 'NO_STOCK' },
    },
  ],
};

describe('a recorded execution', () => {
  it.each([
    ['compensated', saga],
    ['succeeding', { ...saga, steps: saga.steps.slice(0, 4) }],
  ])(
    'that is %s ends the same after a crash at any event, and runs no settled step again',
    async (_name, document) => {
      const plain = testPlugin({ once: ({ step }) => step.index ?? 'ran' });
      const whole = createMemoryExecutionStore();
      await whole.open();
      const first = await new WorkflowEngine({ plugins: [plain], executions: whole }).executeWorkflow(
        document,
        {},
        { id: 'x' },
      );
      const events = await history(whole, 'x');
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      for (let count = 1; count <= events.length; count++) {
        const settled = new Set(
          events.slice(0, count).flatMap((event) => {
            if (event.event === 'item_completed') return [`x:${event.step_id}:${event.index}`];
            if (event.event === 'step_completed') return [`x:${event.step_id}`];
            return event.event === 'compensation_completed' ? [`x:${event.step_id}:compensate`] : [];
          }),
        );
        const again: string[] = [];
        const counting = testPlugin({
          once: ({ step, idempotencyKey }) => {
            again.push(idempotencyKey);
            return step.index ?? 'ran';
          },
        });
        const store = await crashedAfter(whole, 'x', count);
        const engine = new WorkflowEngine({ plugins: [counting], executions: store });
        const resumed = await (await engine.resume('x')).result;
        expect(outcome(resumed), `after event ${count}`).toEqual(outcome(first));
        expect(
          again.filter((key) => settled.has(key)),
          `after event ${count}`,
        ).toEqual([]);
        expect((await history(store, 'x')).at(-1)!.event).toBe('workflow_completed');
      }
    },
  );

  it('does not go on with items of another list: what is missing would be null', async () => {
    const whole = createMemoryExecutionStore();
    await whole.open();
    const plugins = [testPlugin({ echo: ({ config }) => config.value as string })];
    const at = (list: string, executions: ExecutionStore) =>
      new WorkflowEngine({ plugins, executions, env: { LIST: list } });
    const step = { id: 'each', handler: 'test.echo', foreach: "${env.LIST.split(',')}" };
    const document = { name: 'w', steps: [{ ...step, config: { value: '${item}' }, concurrency: 1 }] };
    await at('a,b,c', whole).executeWorkflow(document, {}, { id: 'x' });
    const begun = (await history(whole, 'x')).findIndex(({ event }) => event === 'item_completed') + 1;
    const engine = at('a', await crashedAfter(whole, 'x', begun));
    const { status, steps } = await (await engine.resume('x')).result;
    expect([status, steps.each!.error]).toMatchObject(['failed', { code: 'FOREACH_CHANGED' }]);
  });

  it('goes on although what wrote it down is told of more today', async () => {
    const whole = createMemoryExecutionStore();
    await whole.open();
    const plugins = [testPlugin({ run: () => 'ran' })];
    const undo = { compensate: { handler: 'core.sleep', config: { duration: 1 } } };
    const document = {
      name: 'w',
      steps: [
        { id: 'a', handler: 'test.run' },
        {
          ...{ id: 'each', handler: 'core.switch', dependencies: ['a'], foreach: [1, 2] },
          config: { value: '${item}', cases: [{ equals: 9, port: 'p' }] },
        },
        { id: 'after', handler: 'test.run', dependencies: ['each'] },
      ],
    };
    await new WorkflowEngine({ plugins, executions: whole }).executeWorkflow(document, {}, { id: 'x' });
    const store = await crashedAfter(whole, 'x', 2);
    const { steps, ...rest } = document;
    const old = {
      ...rest,
      steps: [{ ...steps[0]!, ...undo }, steps[1]!, { ...steps[2]!, dependencies: ['each:p'] }],
    };
    const engine = new WorkflowEngine({
      plugins,
      executions: { ...store, get: async (id) => ({ ...(await store.get(id))!, document: old as never }) },
    });
    await expect(engine.load(old as never)).rejects.toMatchObject({
      details: [{ code: 'VALUE' }, { code: 'UNKNOWN_PORT' }],
    });
    const { status, steps: ended } = await (await engine.resume('x')).result;
    expect([status, ended.each!.status, ended.after!.status]).toEqual(['success', 'success', 'skipped']);
  });

  it('starts nothing before what it depends on is recorded', async () => {
    const gate = createGate();
    const store = createMemoryExecutionStore();
    await store.open();
    const ran: string[] = [];
    const slow: ExecutionStore = {
      ...store,
      append: async (append) => {
        if (append.events.some((event) => event.event === 'step_completed' && event.step_id === 'a'))
          await gate.promise;
        return store.append(append);
      },
    };
    const engine = new WorkflowEngine({
      executions: slow,
      plugins: [testPlugin({ run: ({ step }) => void ran.push(step.id) })],
    });
    const handle = await engine.startWorkflow({
      name: 'order',
      steps: [
        { id: 'a', handler: 'test.run' },
        { id: 'b', handler: 'test.run', dependencies: ['a'] },
      ],
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toEqual(['a']);
    gate.open();
    expect((await handle.result).status).toBe('success');
    expect(ran).toEqual(['a', 'b']);
  });

  it('records steps that only compute together with what they follow from, and tells of them in their order', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    const appends: number[] = [];
    const counting: ExecutionStore = {
      ...store,
      append: async (append) => {
        appends.push(append.events.length);
        return store.append(append);
      },
    };
    const told: string[] = [];
    const engine = new WorkflowEngine({ executions: counting, plugins: [testPlugin({ run: () => 1 })] });
    engine.attach({
      onEvent: (event) => told.push('step_id' in event ? `${event.event} ${event.step_id}` : event.event),
    });
    const { status } = await engine.executeWorkflow({
      name: 'glue',
      output: '${steps.c.output}',
      steps: [
        { id: 'a', handler: 'core.set', config: { value: 1 } },
        { id: 'b', handler: 'test.run', dependencies: ['a'] },
        { id: 'c', handler: 'core.set', dependencies: ['b'], config: { value: '${steps.b.output + 1}' } },
        { id: 'd', handler: 'core.switch', dependencies: ['c'], config: { value: 1, cases: [] } },
      ],
    });
    expect(status).toBe('success');
    expect(appends).toEqual([2, 4]);
    expect(told).toEqual([
      'workflow_started',
      ...['a', 'b', 'c', 'd'].flatMap((id) => [`step_started ${id}`, `step_completed ${id}`]),
      'workflow_completed',
    ]);
  });

  it('keeps a list of many items that only compute in pieces', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    let largest = 0;
    const counting: ExecutionStore = {
      ...store,
      append: async (append) => {
        largest = Math.max(largest, append.events.length);
        return store.append(append);
      },
    };
    const items = Array.from({ length: 2000 }, (_, index) => index);
    const engine = new WorkflowEngine({ executions: counting });
    const document = {
      name: 'many',
      steps: [{ id: 'a', handler: 'core.set', foreach: items, config: { value: '${item}' } }],
    };
    const { steps } = await engine.executeWorkflow(document);
    expect(steps.a!.output).toEqual(items);
    expect(largest).toBeLessThan(600);
  });

  it('that cannot be recorded any more stops and says so', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    let left = 1;
    const full: ExecutionStore = {
      ...store,
      append: async (append) => {
        if (left-- <= 0) throw new Error('disk full');
        return store.append(append);
      },
    };
    const engine = new WorkflowEngine({ executions: full });
    const run = engine.executeWorkflow(
      { name: 'full', steps: [{ id: 'a', handler: 'core.log', config: { message: 'Hello' } }] },
      {},
      { id: 'f' },
    );
    await expect(run).rejects.toThrow('disk full');
    expect(engine.active()).toEqual([]);
    expect((await store.get('f'))!.status).toBe('running');
  });

  it('is accepted only once that is recorded: starts, signals and cancellations', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    let failing = false;
    const moody: ExecutionStore = {
      ...store,
      append: async (append) => {
        if (failing) throw new Error('disk full');
        return store.append(append);
      },
    };
    const engine = new WorkflowEngine({ executions: moody });
    const document = { name: 'w', steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }] };
    const { result } = await engine.startWorkflow(document, {}, { id: 'w' });
    expect((await history(store, 'w'))[0]!.event).toBe('workflow_started');
    await engine.signal('w', 'other', 1);
    expect((await history(store, 'w')).at(-1)!.event).toBe('signal_received');
    failing = true;
    await expect(engine.signal('w', 'go')).rejects.toThrow('disk full');
    await expect(result).rejects.toThrow('disk full');
    await expect(engine.startWorkflow(document)).rejects.toThrow('disk full');
    expect(engine.active()).toEqual([]);
  });

  it('that is parked survives the engine: sleeps, signals and approvals', async () => {
    const clock = new FakeClock();
    const store = createMemoryExecutionStore();
    await store.open();
    const document = parse(
      readFileSync(new URL('./testing/parked.yaml', import.meta.url), 'utf8'),
    ) as WorkflowDocument;
    const before = new WorkflowEngine({ executions: store, clock });
    const first = await before.startWorkflow(document, {}, { id: 'p' });
    await before.signal('p', 'early', 1);
    await before.close();
    await expect(first.result).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
    await clock.advance(60_000);

    const after = new WorkflowEngine({ executions: store, clock });
    const handle = await after.resume('p');
    await expect(after.resume('p')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await after.decideApproval('p', 'ask', { approved: true, by: 'ana' });
    await after.signal('p', 'go', 'now');
    await clock.advance(0);
    expect(await handle.result).toMatchObject({
      status: 'success',
      steps: {
        nap: { output: null },
        wait: { output: 'now' },
        early: { output: 1 },
        ask: { output: { by: 'ana' } },
      },
    });
    await expect(after.resume('nope')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  });

  it('gives its outcome again when it had ended', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    const document = { name: 'done', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] };
    const first = await new WorkflowEngine({ executions: store }).executeWorkflow(document, {}, { id: 'd' });
    const again = await (await new WorkflowEngine({ executions: store }).resume('d')).result;
    expect(again).toEqual(first);
  });

  it('goes on together with the child that it waits for', async () => {
    const store = createMemoryExecutionStore();
    await store.open();
    const child = {
      name: 'child',
      steps: [{ id: 'x', handler: 'core.wait', config: { signal: 'go' } }],
      output: '${steps.x.output}',
    };
    const before = new WorkflowEngine({ executions: store });
    await before.add(child);
    const parent = {
      name: 'parent',
      steps: [{ id: 'call', handler: 'core.workflow', config: { workflow: 'child' } }],
    };
    await before.startWorkflow(parent, {}, { id: 'parent' });
    while ((await store.list()).count < 2 || (await history(store, 'parent')).length < 2)
      await new Promise((r) => setImmediate(r));
    await before.close();

    const after = new WorkflowEngine({ executions: store });
    const handle = await after.resume('parent');
    const [childId] = after
      .active()
      .map(({ id }) => id)
      .filter((id) => id !== 'parent');
    await after.signal(childId!, 'go', 'hello');
    expect(await handle.result).toMatchObject({ status: 'success', steps: { call: { output: 'hello' } } });
  });
});
