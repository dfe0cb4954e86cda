import { describe, expect, it } from 'vitest';
import type { WorkflowDocument } from '../model/workflow.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WorkflowEngine } from './engine.ts';
import { createGate } from './testing/gate.ts';
import { testPlugin } from './testing/steps.ts';

const one = (handler: string, more: object = {}): WorkflowDocument => ({
  name: 'one',
  steps: [{ id: 'a', handler, ...more }],
});

describe('cancelling', () => {
  it('aborts what runs, skips what has not started, undoes what succeeded', async () => {
    const undone: string[] = [];
    const engine = new WorkflowEngine({
      plugins: [
        testPlugin({
          wait: ({ signal }) =>
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          undo: ({ idempotencyKey }) => void undone.push(idempotencyKey),
        }),
      ],
    });
    const abort = new AbortController();
    const running = engine.executeWorkflow(
      {
        name: 'cancel',
        steps: [
          { id: 'a', handler: 'core.set', config: { value: 1 }, compensate: { handler: 'test.undo' } },
          { id: 'b', handler: 'test.wait', dependencies: ['a'] },
          { id: 'c', handler: 'core.set', dependencies: ['b'], join: 'done', config: { value: 1 } },
        ],
      },
      {},
      {
        id: 'e1',
        signal: abort.signal,
        observers: [{ onStepStarted: ({ step_id }) => step_id === 'b' && abort.abort() }],
      },
    );
    const execution = await running;
    expect(execution.status).toBe('cancelled');
    expect(execution.error?.code).toBe('EXECUTION_CANCELLED');
    expect(execution.steps).toMatchObject({
      a: { status: 'success' },
      b: { status: 'cancelled' },
      c: { status: 'skipped', reason: 'cancelled' },
    });
    expect(execution.compensated).toEqual(['a']);
    expect(undone).toEqual(['e1:a:compensate']);
  });

  it('is not held up by a stuck handler longer than the grace period', async () => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({
      clock,
      gracePeriod: 5000,
      plugins: [testPlugin({ stuck: () => new Promise(() => {}) })],
    });
    const handle = await engine.startWorkflow(one('test.stuck'));
    await engine.cancel(handle.id);
    await clock.advance(4999);
    expect(engine.active()).toHaveLength(1);
    await clock.advance(1);
    expect(await handle.result).toMatchObject({ status: 'cancelled', steps: { a: { status: 'cancelled' } } });
    expect(clock.pending).toBe(0);
  });

  it('keeps the result of a handler that still ends well within the grace period', async () => {
    const gate = createGate<string>();
    const engine = new WorkflowEngine({ plugins: [testPlugin({ slow: () => gate.promise })] });
    const handle = await engine.startWorkflow(
      one('test.slow', { compensate: { handler: 'core.log', config: { message: 'undo' } } }),
    );
    await engine.cancel(handle.id);
    gate.open('done');
    expect(await handle.result).toMatchObject({
      status: 'cancelled',
      steps: { a: { status: 'success', output: 'done' } },
      compensated: ['a'],
    });
  });

  it('ends parked steps at once', async () => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({ clock });
    const handle = await engine.startWorkflow(one('core.sleep', { config: { duration: '1d' } }));
    expect(handle.snapshot().status).toBe('waiting');
    await engine.cancel(handle.id, 'Not needed any more.');
    expect(await handle.result).toMatchObject({
      status: 'cancelled',
      error: { message: 'Not needed any more.' },
    });
    expect(clock.pending).toBe(0);
  });

  it('starts nothing when the signal was aborted before', async () => {
    const ran: string[] = [];
    const engine = new WorkflowEngine({ plugins: [testPlugin({ run: () => void ran.push('run') })] });
    const run = engine.executeWorkflow(one('test.run'), {}, { signal: AbortSignal.abort('too late') });
    await expect(run).rejects.toMatchObject({ code: 'EXECUTION_CANCELLED', cause: 'too late' });
    expect(ran).toEqual([]);
  });

  it('an attempt that times out is aborted, given up after the grace period, and tried again', async () => {
    const clock = new FakeClock();
    const signals: AbortSignal[] = [];
    const engine = new WorkflowEngine({
      clock,
      plugins: [
        testPlugin({
          flaky: ({ signal, attempt }) => {
            signals.push(signal);
            return attempt === 1 ? new Promise(() => {}) : 'second';
          },
        }),
      ],
    });
    const handle = await engine.startWorkflow(
      one('test.flaky', { timeout: '1s', retry: { attempts: 2, delay: 0 } }),
    );
    await clock.advance(1000);
    expect(signals[0]!.aborted).toBe(true);
    await clock.advance(5000);
    await settle();
    expect(await handle.result).toMatchObject({
      status: 'success',
      steps: { a: { output: 'second', attempts: 2 } },
    });
  });

  it('closing the engine cancels what runs and refuses what is new', async () => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow(one('core.wait', { config: { signal: 'never' } }));
    await engine.close();
    expect((await handle.result).status).toBe('cancelled');
    await expect(engine.executeWorkflow(one('core.set', { config: { value: 1 } }))).rejects.toMatchObject({
      code: 'ENGINE_CLOSED',
    });
    await engine.close();
  });

  it.each([
    [
      'cancelling once more',
      (engine: WorkflowEngine, id: string, clock: FakeClock) =>
        engine.cancel(id).then(() => clock.advance(5000)),
    ],
    [
      'closing the engine',
      (engine: WorkflowEngine, _id: string, clock: FakeClock) =>
        Promise.all([engine.close(), clock.advance(15_000)]),
    ],
  ])('%s gives up compensations that are stuck, and says so', async (_name, giveUp) => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({
      clock,
      plugins: [testPlugin({ stuck: () => new Promise(() => {}) })],
    });
    const undo = { handler: 'test.stuck' };
    const handle = await engine.startWorkflow({
      name: 'stuck',
      steps: [
        { id: 'a', handler: 'core.set', config: { value: 1 }, compensate: undo },
        { id: 'b', handler: 'core.set', dependencies: ['a'], config: { value: 1 }, compensate: undo },
        { id: 'c', handler: 'core.wait', dependencies: ['b'], config: { signal: 'never' } },
      ],
    });
    await engine.cancel(handle.id);
    await giveUp(engine, handle.id, clock);
    const { status, error, compensated } = await handle.result;
    expect({ status, compensated }).toEqual({ status: 'cancelled', compensated: [] });
    const failed = { code: 'STEP_CANCELLED' };
    expect(error?.details).toMatchObject({
      compensation_errors: [
        { step_id: 'b', ...failed },
        { step_id: 'a', ...failed },
      ],
    });
    expect(clock.pending).toBe(0);
  });
});
