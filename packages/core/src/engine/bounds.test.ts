import { expect, it } from 'vitest';
import { createMemoryExecutionStore } from '../adapters/memory/index.ts';
import { WorkflowEngine } from './engine.ts';
import { testPlugin } from './testing/steps.ts';

it.each([false, true])('the event loop lives while much is done at once (recorded: %s)', async (recorded) => {
  const executions = createMemoryExecutionStore();
  await executions.open();
  const plugins = [testPlugin({ now: () => 1, soon: async () => 1 })];
  const engine = new WorkflowEngine(recorded ? { executions, plugins } : { plugins });
  for (const handler of ['test.now', 'test.soon']) {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const foreach = Array.from({ length: 20_000 }, (_, index) => index);
    await engine.executeWorkflow({ name: 'many', steps: [{ id: 'a', handler, foreach }] });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  }
});

it('parameters, triggers and errors are bounded like outputs', async () => {
  const plugins = [
    testPlugin({
      fail: () => {
        throw Object.assign(new Error('x'.repeat(1e6)), { details: { text: 'y'.repeat(1e6) } });
      },
    }),
  ];
  const engine = new WorkflowEngine({ plugins, maxPayload: 1000 });
  const parameters = [{ name: 'p', type: 'string' as const, default: '' }];
  const workflow = await engine.load({ name: 'b', parameters, steps: [{ id: 'a', handler: 'test.fail' }] });
  const long = 'z'.repeat(1000);
  await expect(engine.executeWorkflow(workflow, { p: long })).rejects.toMatchObject({
    code: 'VALUE_INVALID',
  });
  await expect(engine.executeWorkflow(workflow, {}, { trigger: long })).rejects.toMatchObject({
    code: 'VALUE_INVALID',
  });
  const waits = { name: 'w', steps: [{ id: 'w', handler: 'core.wait', config: { signal: 'go' } }] };
  const { id } = await engine.startWorkflow(await engine.load(waits));
  await expect(engine.signal(id, 'go', long)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  await engine.cancel(id);
  const execution = await engine.executeWorkflow(workflow);
  expect(JSON.stringify(execution).length).toBeLessThan(300_000);
});

it('a secret parameter that was not recorded is missing after a restart, not three asterisks', async () => {
  const executions = createMemoryExecutionStore();
  await executions.open();
  const first = new WorkflowEngine({ executions });
  const handle = await first.startWorkflow(
    {
      name: 'secret',
      parameters: [{ name: 's', type: 'secret' }],
      steps: [
        { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
        {
          id: 'send',
          handler: 'core.set',
          dependencies: ['wait'],
          config: { value: 'Bearer ${parameters.s}' },
        },
      ],
    },
    { s: 'hunter2' },
  );
  await first.close();
  const second = new WorkflowEngine({ executions });
  const resumed = await second.resume(handle.id);
  await second.signal(handle.id, 'go');
  expect(await resumed.result).toMatchObject({
    parameters: { s: '***' },
    steps: { send: { status: 'failed', error: { code: 'EXPRESSION_ERROR' } } },
  });
});

it('what is sent and cannot be kept is refused as a value: no handler gave it', async () => {
  const engine = new WorkflowEngine({ maxPayload: 1000 });
  const { id } = await engine.startWorkflow({
    name: 'waits',
    steps: [
      { id: 'w', handler: 'core.wait', config: { signal: 'go' } },
      { id: 'a', handler: 'core.approval', config: { prompt: 'OK?' } },
    ],
  });
  const refused = { code: 'VALUE_INVALID', retryable: false };
  await expect(engine.signal(id, 'go', (() => {}) as never)).rejects.toMatchObject(refused);
  const comment = 'x'.repeat(2000);
  await expect(engine.decideApproval(id, 'a', { approved: true, comment })).rejects.toMatchObject(refused);
  await engine.close();
});

it.each([0, -1, 0.5, Number.NaN])('a concurrency of %d is refused: nothing would ever run', (concurrency) => {
  expect(() => new WorkflowEngine({ concurrency })).toThrow(
    expect.objectContaining({ code: 'VALUE_INVALID', retryable: false }),
  );
});
