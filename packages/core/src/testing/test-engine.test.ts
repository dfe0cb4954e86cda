import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  defineHandler,
  definePlugin,
  emit,
  type Step,
  type StepStatus,
  suspend,
  VwmpError,
  type WorkflowDocument,
} from '../index.ts';
import { Type } from '../schema.ts';
import { assertStatus, assertSteps, hang, TestEngine } from './index.ts';

const shop = definePlugin({
  name: 'shop',
  handlers: {
    charge: defineHandler({
      description: 'Charges a card.',
      config: Type.Object({ amount: Type.Number() }),
      execute: ({ config }) => ({ charged: config.amount }),
    }),
    refund: defineHandler({ description: 'Undoes it.', config: Type.Object({}), execute: () => null }),
    read: defineHandler({
      description: 'Takes real time.',
      config: Type.Object({}),
      load: async () => ({ execute: () => readFile(import.meta.filename, 'utf8').then(() => 'read') }),
    }),
  },
});

function workflow(...steps: Step[]): WorkflowDocument {
  return { name: 'Test', steps };
}

const charge: Step = { id: 'charge', handler: 'shop.charge', config: { amount: 7 } };

describe('time', () => {
  it('is skipped while an execution sleeps, retries and waits', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    const tries = engine.mockStep('charge', ({ attempt }) => {
      if (attempt < 4) throw new VwmpError('BUSY', 'Later.');
      return 'done';
    });
    const begun = engine.clock.now();
    const execution = await engine.executeWorkflow(
      workflow(
        { id: 'sleep', handler: 'core.sleep', config: { duration: '30d' } },
        { ...charge, dependencies: ['sleep'], retry: { attempts: 5, delay: '1h', backoff: 'fixed' } },
        {
          id: 'paid',
          handler: 'core.wait',
          dependencies: ['charge'],
          config: { signal: 'paid', timeout: '7d' },
        },
        { id: 'remind', handler: 'core.log', dependencies: ['paid:error'], config: { message: 'Pay!' } },
      ),
    );
    assertStatus(execution, 'success');
    assertSteps(execution, { sleep: 'success', charge: 'success', paid: 'failed', remind: 'success' });
    expect(execution.steps.paid?.error?.code).toBe('WAIT_TIMEOUT');
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    const day = 86_400_000;
    expect(engine.clock.now() - begun).toBe(37 * day + 3 * 3_600_000);
    expect(engine.clock.pending).toBe(0);
  });

  it('stands still while a handler works, and none of its timeouts comes', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    engine.mockStep('slow', () => delay(20).then(() => 'slow'));
    const document = workflow(
      { id: 'read', handler: 'shop.read', timeout: '1ms' },
      { ...charge, id: 'slow', timeout: '1ms', dependencies: ['read'] },
    );
    const execution = await engine.executeWorkflow({ ...document, timeout: '2ms' });
    assertStatus(execution, 'success');
    expect(execution.steps).toMatchObject({ read: { output: 'read' }, slow: { output: 'slow' } });
    expect(execution.completed_at).toBe('2030-01-01T00:00:00.000Z');
  });

  it('reaches the timeout of a step that hangs, and of an execution', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    engine.mockHandler('shop.charge', hang);
    const step = await engine.executeWorkflow(workflow({ ...charge, timeout: '5m' }));
    expect(step.steps.charge?.error?.code).toBe('STEP_TIMEOUT');
    engine.mockHandler('shop.charge', async () => hang);
    const whole = await engine.executeWorkflow({ ...workflow(charge), timeout: '1d' });
    expect(whole.error?.code).toBe('EXECUTION_TIMEOUT');
  });

  it('goes on by hand: signals and decisions are given in between', async () => {
    const engine = new TestEngine();
    const handle = await engine.startWorkflow(
      workflow(
        { id: 'sleep', handler: 'core.sleep', config: { duration: '2h' } },
        { id: 'ask', handler: 'core.approval', dependencies: ['sleep'], config: { prompt: 'Go?' } },
        { id: 'go', handler: 'core.wait', dependencies: ['ask:approved'], config: { signal: 'go' } },
      ),
    );
    await engine.signal(handle.id, 'go', 'now');
    await engine.clock.advance('119m');
    expect(handle.snapshot().steps.sleep?.status).toBe('waiting');
    await engine.clock.advance('1m');
    assertSteps(handle.snapshot(), { sleep: 'success', ask: 'waiting', go: 'pending' });
    await engine.decideApproval(handle.id, 'ask', { approved: true, by: 'Ana' });
    const execution = await engine.finish(handle);
    expect(execution.steps).toMatchObject({ ask: { output: { by: 'Ana' } }, go: { output: 'now' } });
  });

  it('ends a handler that never answers when it is moved by hand', async () => {
    const stuck = defineHandler({
      description: 'Never answers.',
      config: Type.Object({}),
      execute: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('Too late.')))),
    });
    const engine = new TestEngine({ plugins: [definePlugin({ name: 'real', handlers: { stuck } })] });
    const handle = await engine.startWorkflow(workflow({ id: 'a', handler: 'real.stuck', timeout: '30s' }));
    await engine.clock.advance('29s');
    expect(handle.snapshot().status).toBe('running');
    await engine.clock.advance('1s');
    expect((await engine.finish(handle)).steps.a?.error?.code).toBe('STEP_TIMEOUT');
  });

  it('is skipped although a test runner has replaced the timers', async () => {
    vi.useFakeTimers();
    try {
      const engine = new TestEngine();
      const sleep = workflow({ id: 'a', handler: 'core.sleep', config: { duration: '1d' } });
      assertStatus(await engine.executeWorkflow(sleep), 'success');
    } finally {
      vi.useRealTimers();
    }
  });

  it('says what an execution would wait for in vain', async () => {
    const engine = new TestEngine();
    const execute = (...steps: Step[]): Promise<unknown> => engine.executeWorkflow(workflow(...steps));
    await expect(execute({ id: 'w', handler: 'core.wait', config: { signal: 'paid' } })).rejects.toThrow(
      /would wait for ever:\n {2}step "w" of ".*" waits for the signal "paid"\. Send it/,
    );
    await engine.close();
    const other = new TestEngine();
    other.mockHandler('x.y', hang);
    await other.add({
      ...workflow({ id: 'ask', handler: 'core.approval', config: { prompt: '?' } }),
      id: 'child',
    });
    await expect(
      other.executeWorkflow(
        workflow(
          { id: 'c', handler: 'core.workflow', config: { workflow: 'child' } },
          { id: 'h', handler: 'x.y' },
        ),
      ),
    ).rejects.toThrow(
      /step "c" of "test-1" waits for the execution "test-2"\.\n.*step "h" of "test-1" does not answer.*\n.*step "ask" of "test-2" waits for an approval/,
    );
    await other.close();
  });
});

describe('a mock', () => {
  it('stands for a handler or a step, by output, error, function or port, and knows its calls', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    const mails = engine.mockHandler('mail.send', { id: 'm-1' });
    const charges = engine.mockHandler('shop.charge', new VwmpError('NO', 'No.', { retryable: false }));
    const second = engine.mockStep('b', ({ config }) => emit('partly', config));
    engine.mockStep('c', suspend({ kind: 'timer', duration: '1d' }));
    engine.mockHandler('bank.pay', ({ config }) => emit('odd', config));
    const items = [1, 2];
    const execution = await engine.executeWorkflow(
      workflow(
        charge,
        { id: 'b', handler: 'bank.pay', config: { amount: 2 }, dependencies: ['charge:error'] },
        { id: 'c', handler: 'core.set', config: { value: 1 }, dependencies: ['b:partly'] },
        {
          id: 'mail',
          handler: 'mail.send',
          config: { to: '${item}' },
          foreach: items,
          dependencies: ['b'],
        },
      ),
    );
    assertSteps(execution, { charge: 'failed', b: 'success', c: 'success', mail: 'success' });
    expect(execution.steps.mail?.output).toEqual([{ id: 'm-1' }, { id: 'm-1' }]);
    expect(mails.map(({ config, step }) => [config.to, step.index])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect([charges.length, second.length]).toEqual([1, 1]);
    expect(engine.calls.map(({ handler }) => handler)).toEqual([
      ...['shop.charge', 'bank.pay', 'core.set', 'mail.send', 'mail.send'],
    ]);
  });

  it('may stand for what waits, and not for what undoes a step', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    engine.mockStep('ask', { approved: true });
    engine.mockStep('charge', 'mocked');
    engine.mockStep('fails', new Error('It broke.'));
    const execution = await engine.executeWorkflow(
      workflow(
        { id: 'ask', handler: 'core.approval', config: { prompt: 'Go?' } },
        { ...charge, dependencies: ['ask'], compensate: { handler: 'shop.refund' } },
        { id: 'fails', handler: 'core.log', config: { message: 'x' }, dependencies: ['charge'] },
      ),
    );
    assertStatus(execution, 'failed');
    expect(execution.compensated).toEqual(['charge']);
    expect(engine.calls.at(-1)).toEqual({
      ...{ handler: 'shop.refund', step: { id: 'charge' }, attempt: 1, config: {}, compensation: true },
    });
  });

  it('leaves the config checked by the schema of the handler that it stands for', async () => {
    const engine = new TestEngine({ plugins: [shop] });
    engine.mockHandler('shop.charge', 1);
    await expect(
      engine.executeWorkflow(workflow({ ...charge, config: { amount: 'x' } })),
    ).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  });
});

describe('assertions', () => {
  it('say what failed and why', async () => {
    const engine = new TestEngine();
    const execution = await engine.executeWorkflow(
      workflow(
        { id: 'a', handler: 'core.fail', config: { message: 'Out of stock.', code: 'NO_STOCK' } },
        { id: 'b', handler: 'core.set', config: { value: 1 }, dependencies: ['a'] },
      ),
    );
    expect(() => assertStatus(execution, 'success')).toThrow(
      /is "failed" instead of "success":\n {2}step "a" failed: NO_STOCK: Out of stock\.\n {2}step "b" was skipped: upstream_failed$/,
    );
    expect(() =>
      assertSteps(execution, { a: 'success', b: 'skipped', valueOf: 'success' } as Record<
        string,
        StepStatus
      >),
    ).toThrow(/"a" is "failed" instead of "success", there is no step "valueOf":\n/);
    expect(() => assertSteps(execution, { b: 'success' })).toThrow(
      expect.objectContaining({
        name: 'AssertionError',
        actual: { b: 'skipped' },
        expected: { b: 'success' },
      }),
    );
    assertStatus(execution, 'failed');
    assertSteps(execution, { a: 'failed', b: 'skipped' });
  });
});
