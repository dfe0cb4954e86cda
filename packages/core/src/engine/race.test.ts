import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMemoryExecutionStore } from '../adapters/memory/index.ts';
import { defineHandler, suspend } from '../plugin/handler.ts';
import { definePlugin } from '../plugin/plugin.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { WorkflowStore } from '../ports/workflow-store.ts';
import { Type } from '../schema.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WorkflowEngine } from './engine.ts';
import { createGate } from './testing/gate.ts';
import { testPlugin } from './testing/steps.ts';

const parent = { name: 'p', steps: [{ id: 'call', handler: 'core.workflow', config: { workflow: 'c' } }] };

describe('races', () => {
  it('refuses a signal that comes while the end is recorded', async () => {
    const memory = createMemoryExecutionStore();
    await memory.open();
    const gate = createGate();
    const executions: ExecutionStore = Object.assign(Object.create(memory) as ExecutionStore, {
      append: async (request: Parameters<ExecutionStore['append']>[0]) => {
        if (request.expected_seq > 0) await gate.promise;
        return memory.append(request);
      },
    });
    const engine = new WorkflowEngine({ executions });
    const handle = await engine.startWorkflow({
      name: 's',
      steps: [{ id: 'a', handler: 'core.log', config: { message: 'Hello' } }],
    });
    await delay(1);
    const signal = expect(engine.signal(handle.id, 'late')).rejects.toMatchObject({
      code: 'EXECUTION_NOT_ACTIVE',
    });
    gate.open();
    await signal;
    expect((await handle.result).status).toBe('success');
  });

  it('accepts one of two decisions', async () => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow({
      name: 'a',
      steps: [{ id: 'a', handler: 'core.approval', config: { prompt: 'Yes?', form: { type: 'object' } } }],
    });
    for (const step of ['a:', 'a:0', 'b', '']) {
      await expect(engine.decideApproval(handle.id, step, { approved: true })).rejects.toMatchObject({
        code: 'STEP_NOT_WAITING',
      });
    }
    const decisions = await Promise.allSettled([
      engine.decideApproval(handle.id, 'a', { approved: true }),
      engine.decideApproval(handle.id, 'a', { approved: false }),
    ]);
    expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(decisions.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'STEP_NOT_WAITING' },
    });
    await handle.result;
  });

  it('hears of a child that ended before its wait was looked at', async () => {
    const memory = createMemoryExecutionStore();
    await memory.open();
    const writing = createGate();
    const gate = createGate();
    const executions: ExecutionStore = Object.assign(Object.create(memory) as ExecutionStore, {
      append: async (request: Parameters<ExecutionStore['append']>[0]) => {
        if (request.events.some((event) => event.event === 'step_completed' && event.step_id === 'other')) {
          writing.open();
          await gate.promise;
        }
        return memory.append(request);
      },
    });
    const config = Type.Object({});
    const call = defineHandler({
      ...{ description: 'Waits for a child that has ended.', config },
      async execute({ executions: { start } }) {
        const execution_id = await start('c', {}, { attached: true });
        await engine.active().find(({ id }) => id === execution_id)?.result;
        release.open();
        await writing.promise;
        setImmediate(gate.open);
        return suspend({ kind: 'child', execution_id });
      },
    });
    const release = createGate();
    const other = defineHandler({ description: 'd', config, execute: () => release.promise });
    const plugins = [definePlugin({ name: 'test', handlers: { call, other } })];
    const engine = new WorkflowEngine({ executions, plugins });
    await engine.add({ name: 'c', steps: [{ id: 'a', handler: 'core.set', config: { value: 5 } }] });
    const execution = await engine.executeWorkflow({
      name: 'p',
      steps: [
        { id: 'call', handler: 'test.call' },
        { id: 'other', handler: 'test.other' },
      ],
    });
    expect(execution.steps.call).toMatchObject({ status: 'success', output: { status: 'success' } });
  });

  it.each([true, false])('is told at once of a child that is not there, recorded: %s', async (recorded) => {
    const store = createMemoryExecutionStore();
    await store.open();
    const call = defineHandler({
      ...{ description: 'd', config: Type.Object({}) },
      execute: () => suspend({ kind: 'child', execution_id: 'nope' }),
    });
    const plugins = [definePlugin({ name: 'test', handlers: { call } })];
    const engine = new WorkflowEngine(recorded ? { executions: store, plugins } : { plugins });
    const steps = [{ id: 'call', handler: 'test.call' }];
    expect((await engine.executeWorkflow({ name: 'p', steps })).steps.call?.output).toMatchObject({
      execution_id: 'nope',
      error: { code: 'EXECUTION_NOT_FOUND' },
    });
  });

  it('takes no answer from a child that was given up', async () => {
    const clock = new FakeClock();
    const runs = [createGate<string>(), createGate<string>()];
    let begun = 0;
    const plugins = [testPlugin({ pay: () => runs[begun++]!.promise })];
    const engine = new WorkflowEngine({ clock, plugins });
    const output = '${steps.pay.output}';
    await engine.add({ id: 'c', name: 'c', steps: [{ id: 'pay', handler: 'test.pay' }], output });
    const [call] = parent.steps;
    const retry = { attempts: 2, delay: 1 };
    const handle = await engine.startWorkflow({ name: 'p', steps: [{ ...call!, timeout: 100, retry }] });
    await settle();
    await clock.advance(100);
    await clock.advance(1);
    expect(begun).toBe(2);
    runs[0]!.open('of the first');
    await settle();
    expect(handle.snapshot().status).toBe('waiting');
    runs[1]!.open('of the second');
    expect(await handle.result).toMatchObject({
      status: 'success',
      steps: { call: { output: 'of the second' } },
    });
  });

  it.each([
    ['within the grace period', 1000],
    ['after it', 1],
  ])(
    'cancels a child whose start had not ended when its attempt timed out, and ends %s',
    async (_, gracePeriod) => {
      const clock = new FakeClock();
      const starts = [createGate<{ text: string }>(), createGate<{ text: string }>()];
      let begun = 0;
      const workflows = { get: () => starts[begun++]!.promise } as unknown as WorkflowStore;
      const engine = new WorkflowEngine({ clock, workflows, gracePeriod });
      const [call] = parent.steps;
      const handle = await engine.startWorkflow({
        name: 'p',
        steps: [{ ...call!, timeout: 100, retry: { attempts: 2, delay: 1 } }],
      });
      await settle();
      await clock.advance(100);
      const text = 'id: c\nname: c\nsteps: [{ id: w, handler: core.wait, config: { signal: go } }]';
      if (gracePeriod > 1) starts[0]!.open({ text });
      await expect.poll(() => clock.advance(2).then(() => begun)).toBe(2);
      for (const start of starts) start.open({ text });
      const children = () => engine.active().filter(({ id }) => id !== handle.id);
      await expect.poll(() => handle.snapshot().status).toBe('waiting');
      await expect.poll(() => children().length).toBe(1);
      await engine.signal(children()[0]!.id, 'go');
      expect((await handle.result).status).toBe('success');
    },
  );

  it('cancels a child that has started after its parent ended', async () => {
    const gate = createGate();
    const text = 'id: c\nname: c\nsteps: [{ id: w, handler: core.wait, config: { signal: never } }]';
    const workflows = { get: () => gate.promise.then(() => ({ text })) } as unknown as WorkflowStore;
    const engine = new WorkflowEngine({ workflows, gracePeriod: 1 });
    const handle = await engine.startWorkflow(parent);
    await engine.cancel(handle.id);
    await handle.result;
    gate.open();
    await delay(20);
    expect(engine.active()).toEqual([]);
  });

  it('lets go of a parent whose child cannot be resumed', async () => {
    const executions = createMemoryExecutionStore();
    await executions.open();
    const plugins = [testPlugin({ hang: () => new Promise(() => {}) })];
    const first = new WorkflowEngine({ executions, plugins });
    await first.add({ id: 'c', name: 'c', steps: [{ id: 'h', handler: 'test.hang' }] });
    const handle = await first.startWorkflow(parent);
    await expect.poll(() => handle.snapshot().status).toBe('waiting');
    await first.close();
    const second = new WorkflowEngine({ executions });
    await expect(second.resume(handle.id)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
    expect(second.active()).toEqual([]);
    const third = new WorkflowEngine({ executions, plugins });
    expect((await third.resume(handle.id)).snapshot().status).toBe('waiting');
    await third.close();
  });

  it('goes on in the engine that resumed it last, whatever the one before is doing', async () => {
    const memory = createMemoryExecutionStore();
    await memory.open();
    let overtake: (() => Promise<unknown>) | undefined;
    const executions: ExecutionStore = Object.assign(Object.create(memory) as ExecutionStore, {
      append: async (request: Parameters<ExecutionStore['append']>[0]) => {
        const first = overtake;
        overtake = undefined;
        await first?.();
        return memory.append(request);
      },
    });
    const gates = [createGate(), createGate()];
    let begun = 0;
    const plugins = [testPlugin({ act: () => gates[begun++]!.promise })];
    const [first, second] = [1, 2].map(() => new WorkflowEngine({ executions, plugins }));
    const steps = [
      { id: 'a', handler: 'test.act' },
      { id: 'b', handler: 'core.wait', config: { signal: 'go' } },
    ];
    const handle = await first!.startWorkflow({ name: 'w', steps }, {}, { id: 'w' });
    const ended = expect(handle.result).rejects.toMatchObject({ code: 'FENCED' });
    // It records something while the other one reads.
    overtake = () => first!.signal('w', 'go');
    const resumed = await second!.resume('w');
    expect(begun).toBe(2);
    gates[0]!.open();
    await ended;
    gates[1]!.open();
    expect((await resumed.result).status).toBe('success');
  });

  it('goes on in one of two engines that resume it in the same instant', async () => {
    const memory = createMemoryExecutionStore();
    await memory.open();
    const both = createGate();
    let reading = 0;
    const executions: ExecutionStore = Object.assign(Object.create(memory) as ExecutionStore, {
      get: async (id: string) => {
        const record = await memory.get(id);
        if (++reading === 2) both.open();
        await both.promise;
        return record;
      },
    });
    const ids = ['a', 'b', 'c'];
    const steps = ids.map((id, at) => ({ id, handler: 'test.act', dependencies: ids.slice(0, at) }));
    const stuck = new WorkflowEngine({
      executions: memory,
      plugins: [testPlugin({ act: () => new Promise(() => {}) })],
    });
    (await stuck.startWorkflow({ name: 'w', steps }, {}, { id: 'w' })).result.catch(() => {});
    await stuck.close();
    const runs: string[] = [];
    const act = async ({ step }: { step: { id: string } }): Promise<void> => {
      await settle();
      runs.push(step.id);
    };
    const outcomes = await Promise.allSettled(
      [1, 2].map(async () => {
        const engine = new WorkflowEngine({ executions, plugins: [testPlugin({ act })] });
        return (await (await engine.resume('w')).result).status;
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([
      { status: 'fulfilled', value: 'success' },
    ]);
    // What had begun before is begun by both, as always by whoever resumes, and what comes after by one of them.
    expect(runs.sort()).toEqual(['a', 'a', 'b', 'c']);
  });

  it('is resumed once by an engine that is asked twice', async () => {
    const executions = createMemoryExecutionStore();
    await executions.open();
    const wait = { name: 'w', steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }] };
    const first = new WorkflowEngine({ executions });
    (await first.startWorkflow(wait, {}, { id: 'w' })).result.catch(() => {});
    await first.close();
    const second = new WorkflowEngine({ executions });
    const both = await Promise.allSettled([second.resume('w'), second.resume('w')]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'ALREADY_EXISTS' } }]);
    await second.signal('w', 'go');
    await expect.poll(() => second.active()).toEqual([]);
    expect((await executions.get('w'))?.status).toBe('success');
    await expect(first.resume('w')).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});
