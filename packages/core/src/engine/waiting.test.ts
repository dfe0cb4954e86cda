import { describe, expect, it } from 'vitest';
import { defineHandler, suspend } from '../plugin/handler.ts';
import { definePlugin } from '../plugin/plugin.ts';
import { Type } from '../schema.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WorkflowEngine } from './engine.ts';

describe('waiting', () => {
  it('a sleep ends when its time has come, however far that is', async () => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({ clock });
    const handle = await engine.startWorkflow({
      name: 's',
      steps: [{ id: 'a', handler: 'core.sleep', config: { duration: '40d' } }],
    });
    await clock.advance(39 * 86_400_000);
    expect(handle.snapshot().steps.a).toMatchObject({ status: 'waiting' });
    await clock.advance(86_400_000);
    expect(await handle.result).toMatchObject({ status: 'success', steps: { a: { output: null } } });
  });

  it('a sleep until a moment that has passed goes on at once', async () => {
    const engine = new WorkflowEngine();
    const steps = [{ id: 'a', handler: 'core.sleep', config: { until: '2001-01-01T00:00:00Z' } }];
    expect((await engine.executeWorkflow({ name: 's', steps })).status).toBe('success');
  });

  it.each(['2001-01-01T08:00Z', '2001-01-01T08:00:00+0100'])('%j is a moment to wait for', async (until) => {
    const execute = () => suspend({ kind: 'timer', until });
    const handlers = { until: defineHandler({ description: 'd', config: Type.Object({}), execute }) };
    const engine = new WorkflowEngine({ plugins: [definePlugin({ name: 'wait', handlers })] });
    const output = `\${timestamp("${until}").getFullYear()}`;
    const steps = [{ id: 'a', handler: 'wait.until' }];
    expect(await engine.executeWorkflow({ name: 's', steps, output })).toMatchObject({
      status: 'success',
      output: 2001,
    });
  });

  it.each(['5', 'March 5 2020', '2020-02-30T00:00:00Z', '2020-06-01T10:00'])(
    '%j is no moment to wait for',
    async (until) => {
      const execute = () => suspend({ kind: 'timer', until });
      const handlers = { until: defineHandler({ description: 'd', config: Type.Object({}), execute }) };
      const engine = new WorkflowEngine({ plugins: [definePlugin({ name: 'wait', handlers })] });
      const { steps } = await engine.executeWorkflow({
        name: 's',
        steps: [{ id: 'a', handler: 'wait.until' }],
      });
      expect(steps.a?.error).toMatchObject({ code: 'CONFIG_INVALID', retryable: false });
    },
  );

  it('a signal wakes one waiting step; one that came early is kept', async () => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow({
      name: 'signals',
      steps: [
        { id: 'first', handler: 'core.wait', config: { signal: 'go' } },
        { id: 'second', handler: 'core.wait', dependencies: ['first'], config: { signal: 'go' } },
      ],
    });
    await engine.signal(handle.id, 'go', { n: 1 });
    await engine.signal(handle.id, 'other', 1);
    await engine.signal(handle.id, 'go', { n: 2 });
    expect(await handle.result).toMatchObject({
      status: 'success',
      steps: { first: { output: { n: 1 } }, second: { output: { n: 2 } } },
    });
  });

  it('a signal that does not come in time fails the step with WAIT_TIMEOUT', async () => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({ clock });
    const handle = await engine.startWorkflow({
      name: 'late',
      steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go', timeout: '5s' } }],
    });
    await clock.advance(5000);
    expect(await handle.result).toMatchObject({
      status: 'failed',
      steps: { a: { error: { code: 'WAIT_TIMEOUT' } } },
    });
  });

  it.each([
    [true, 'published', 'success'],
    [false, 'published', 'skipped'],
  ] as const)('an approval decided %s', async (approved, step, status) => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow({
      name: 'approve',
      steps: [
        { id: 'ask', handler: 'core.approval', config: { prompt: 'Publish?' } },
        {
          id: 'published',
          handler: 'core.set',
          dependencies: ['ask'],
          when: '${steps.ask.output.approved}',
          config: { value: 1 },
        },
        {
          id: 'rejected',
          handler: 'core.set',
          dependencies: ['ask:rejected'],
          config: { value: '${steps.ask.output.comment}' },
        },
      ],
    });
    await engine.decideApproval(handle.id, 'ask', { approved, by: 'ana', comment: 'because' });
    const execution = await handle.result;
    expect(execution.steps[step]!.status).toBe(status);
    expect(execution.steps.rejected).toMatchObject(approved ? { status: 'skipped' } : { output: 'because' });
  });

  it('an approval takes only what its form allows', async () => {
    const engine = new WorkflowEngine();
    const form = {
      type: 'object',
      required: ['reason'],
      properties: { reason: { type: 'string', minLength: 3 } },
    };
    const steps = [
      { id: 'ask', handler: 'core.approval', config: { prompt: 'Pay?', form } },
      {
        id: 'pay',
        handler: 'core.set',
        dependencies: ['ask:approved'],
        config: { value: '${steps.ask.output.values.reason}' },
      },
    ];
    const handle = await engine.startWorkflow({ name: 'form', steps });
    await expect(
      engine.decideApproval(handle.id, 'ask', { approved: true, values: { reason: 'x' } }),
    ).rejects.toMatchObject({
      code: 'APPROVAL_INVALID',
      details: [{ path: 'values.reason' }],
    });
    await engine.decideApproval(handle.id, 'ask', { approved: true, values: { reason: 'agreed' } });
    expect(await handle.result).toMatchObject({ status: 'success', steps: { pay: { output: 'agreed' } } });
  });

  it('only what waits for an approval can be decided', async () => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow({
      name: 'w',
      steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'x' } }],
    });
    await expect(engine.decideApproval(handle.id, 'a', { approved: true })).rejects.toMatchObject({
      code: 'STEP_NOT_WAITING',
    });
    await expect(engine.decideApproval(handle.id, 'nope', { approved: true })).rejects.toMatchObject({
      code: 'STEP_NOT_WAITING',
    });
    await expect(engine.signal('nope', 'x')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    await engine.cancel(handle.id);
    await handle.result;
  });

  it('every item of a foreach can wait for itself', async () => {
    const engine = new WorkflowEngine();
    const handle = await engine.startWorkflow({
      name: 'items',
      steps: [
        {
          id: 'a',
          handler: 'core.approval',
          foreach: ['x', 'y'],
          concurrency: 2,
          config: { prompt: '${item}?' },
        },
      ],
    });
    await engine.decideApproval(handle.id, 'a:1', { approved: true, by: 'bo' });
    await engine.decideApproval(handle.id, 'a:0', { approved: true, by: 'ana' });
    const { steps } = await handle.result;
    expect(steps.a!.output).toMatchObject([{ by: 'ana' }, { by: 'bo' }]);
  });
});

describe('sub-workflows', () => {
  const child = {
    name: 'child',
    parameters: [{ name: 'n', type: 'integer' as const }],
    output: '${steps.x.output}',
    steps: [{ id: 'x', handler: 'core.set', config: { value: '${parameters.n * 2}' } }],
  };
  const parent = (config: object) => ({
    name: 'parent',
    steps: [{ id: 'call', handler: 'core.workflow', config: config as never }],
  });

  it('give their output to the step', async () => {
    const engine = new WorkflowEngine();
    await engine.add(child);
    const execution = await engine.executeWorkflow(parent({ workflow: 'child', parameters: { n: 21 } }));
    expect(execution).toMatchObject({ status: 'success', steps: { call: { output: 42 } } });
  });

  it('fail it when they fail, are missing or are called wrongly', async () => {
    const engine = new WorkflowEngine();
    await engine.add({
      name: 'bad',
      steps: [{ id: 'x', handler: 'core.fail', config: { message: 'no stock', code: 'NO_STOCK' } }],
    });
    await engine.add(child);
    const errors = [
      { workflow: 'bad' },
      { workflow: 'missing' },
      { workflow: 'child', parameters: { n: 'x' } },
    ].map(async (config) => {
      const { steps } = await engine.executeWorkflow(parent(config));
      return steps.call!.error!.code;
    });
    expect(await Promise.all(errors)).toEqual(['CHILD_FAILED', 'WORKFLOW_NOT_FOUND', 'PARAMETERS_INVALID']);
  });

  it('are cancelled with the execution that waits for them', async () => {
    const engine = new WorkflowEngine();
    await engine.add({
      name: 'long',
      steps: [{ id: 'x', handler: 'core.wait', config: { signal: 'never' } }],
    });
    const handle = await engine.startWorkflow(parent({ workflow: 'long' }));
    await settle();
    expect(engine.active()).toHaveLength(2);
    await engine.cancel(handle.id);
    expect((await handle.result).status).toBe('cancelled');
    await settle();
    expect(engine.active()).toHaveLength(0);
  });

  it('are cancelled as soon as the attempt that started them took too long', async () => {
    const clock = new FakeClock();
    const engine = new WorkflowEngine({ clock });
    await engine.add({
      name: 'endless',
      steps: [{ id: 'x', handler: 'core.wait', config: { signal: 'never' } }],
    });
    const call = { id: 'call', handler: 'core.workflow', config: { workflow: 'endless' } };
    const steps = [{ ...call, timeout: '1h', retry: { attempts: 2, delay: '1m' } }];
    await engine.startWorkflow({ name: 'parent', steps });
    await settle();
    expect(engine.active()).toHaveLength(2);
    await clock.advance(3_600_000);
    await settle();
    expect(engine.active()).toHaveLength(1);
    await clock.advance(60_000);
    await settle();
    expect(engine.active()).toHaveLength(2);
    await engine.close();
  });

  it('that call themselves end', async () => {
    const engine = new WorkflowEngine();
    await engine.add({
      name: 'self',
      steps: [{ id: 'x', handler: 'core.workflow', config: { workflow: 'self' } }],
    });
    const execution = await engine.executeWorkflow(parent({ workflow: 'self' }));
    expect(execution.steps.call!.error!.code).toBe('CHILD_FAILED');
  });

  it('that start several of themselves end too, and leave the event loop its turns', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const start = { handler: 'core.workflow', config: { workflow: 'bomb', wait: false } };
    const engine = new WorkflowEngine();
    await engine.add({
      name: 'bomb',
      steps: [
        { id: 'fork', ...start, foreach: [1, 2, 3] },
        {
          id: 'stay',
          handler: 'core.wait',
          dependencies: ['fork'],
          join: 'done',
          config: { signal: 'never' },
        },
      ],
    });
    const { steps } = await engine.executeWorkflow({ name: 'light', steps: [{ id: 'fuse', ...start }] });
    while (engine.active().some((each) => each.snapshot().steps.fork?.status === 'running')) await settle();
    clearInterval(counting);
    expect(steps.fuse!.status).toBe('success');
    expect(engine.active().length).toBeLessThanOrEqual(10_000);
    expect(turns).toBeGreaterThan(0);
    await engine.close();
  });

  it('are not waited for when the step says so', async () => {
    const engine = new WorkflowEngine();
    await engine.add(child);
    const execution = await engine.executeWorkflow(
      parent({ workflow: 'child', parameters: { n: 1 }, wait: false }),
    );
    expect(execution.steps.call!.output).toEqual({ execution_id: expect.any(String) });
  });

  it('send signals to the execution that started them', async () => {
    const engine = new WorkflowEngine();
    const execution = await engine.executeWorkflow({
      name: 'emit',
      steps: [
        { id: 'send', handler: 'core.emit', config: { signal: 'hi', payload: { a: 1 } } },
        { id: 'wait', handler: 'core.wait', config: { signal: 'hi' } },
      ],
    });
    expect(execution).toMatchObject({ status: 'success', steps: { wait: { output: { a: 1 } } } });
  });
});
