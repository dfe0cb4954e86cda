import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent, LogLevel } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { Step, WorkflowDocument } from '../model/workflow.ts';
import { emit, type HandlerContext, suspend, type WaitRequest } from '../plugin/handler.ts';
import { WorkflowEngine } from './engine.ts';
import type { ExecutionObserver } from './observer.ts';
import { testPlugin } from './testing/steps.ts';

const unreadable = new Proxy(
  {},
  {
    get() {
      throw new Error('trap');
    },
  },
);

function fail(): never {
  throw new Error('on purpose');
}

describe('handlers', () => {
  const handlers: Record<string, () => unknown> = {
    rejects: () => Promise.reject(unreadable),
    throws: () => {
      throw unreadable;
    },
    getter: () => Promise.reject(Object.defineProperty(new Error(), 'message', { get: fail })),
    thenable: () => Object.defineProperty({}, 'then', { get: fail }),
    callback: () => Object.defineProperty({}, 'then', { value: fail }),
    wait: () => suspend({ kind: 'nothing' } as unknown as WaitRequest),
    name: () => suspend({ kind: 'signal', signal: {} } as unknown as WaitRequest),
    form: () => suspend({ kind: 'approval', prompt: '?', form: (() => {}) as never }),
    port: () => emit(5 as unknown as string),
  };

  it.each(Object.keys(handlers))('what cannot be read or kept fails the step: %s', async (id) => {
    const engine = new WorkflowEngine({ plugins: [testPlugin(handlers)] });
    const execution = await engine.executeWorkflow({ name: 'h', steps: [{ id, handler: `test.${id}` }] });
    expect(execution.steps[id]).toMatchObject({ status: 'failed', error: { code: expect.any(String) } });
  });

  it.each([undefined, null, { kind: 'nothing' }])('cannot wait for %j', async (wait) => {
    const engine = new WorkflowEngine({
      plugins: [testPlugin({ wait: () => suspend(wait as WaitRequest) })],
    });
    const steps = [{ id: 'a', handler: 'test.wait' }];
    expect((await engine.executeWorkflow({ name: 'h', steps })).steps.a?.error).toMatchObject({
      code: 'OUTPUT_INVALID',
      retryable: false,
    });
  });

  it.each(['warning', 'toString', undefined, Symbol('x')])(
    'a line of the level %s is an info',
    async (level) => {
      const levels: string[] = [];
      const log = ({ logger }: HandlerContext) => {
        logger.log(level as LogLevel, 'x');
        logger.log('error', 'x');
        logger.debug('x');
      };
      const engine = new WorkflowEngine({ plugins: [testPlugin({ log })] });
      engine.attach({ onLog: (event) => levels.push(event.level) });
      await engine.executeWorkflow({ name: 'h', steps: [{ id: 'a', handler: 'test.log' }] });
      expect(levels).toEqual(['info', 'error', 'debug']);
    },
  );

  it('is heard no more once it was given up', async () => {
    const events: string[] = [];
    const late = testPlugin({
      late: async ({ logger, progress }) => {
        await delay(20);
        logger.info('late');
        progress({ total: 1, completed: 1 });
      },
    });
    const engine = new WorkflowEngine({ gracePeriod: 1, plugins: [late] });
    engine.attach({ onEvent: ({ event }) => events.push(event) });
    const handle = await engine.startWorkflow({ name: 'h', steps: [{ id: 'a', handler: 'test.late' }] });
    await engine.cancel(handle.id);
    await handle.result;
    await delay(40);
    expect(events.at(-1)).toBe('workflow_completed');
  });
});

describe('observers', () => {
  const observers: Record<string, ExecutionObserver> = {
    throws: {
      onEvent: () => {
        throw Object.create(null);
      },
    },
    rejects: { onEvent: (() => Promise.reject(unreadable)) as () => void },
    getter: Object.defineProperty({}, 'onEvent', { get: fail }),
  };

  it.each(Object.keys(observers))('harm nothing, and neither does the logger: %s', async (name) => {
    const engine = new WorkflowEngine({ logger: { log: fail } });
    const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
    const execution = await engine.executeWorkflow(
      { name: 'o', steps },
      {},
      { observers: [observers[name]!] },
    );
    expect(execution.status).toBe('success');
  });
});

describe('arguments', () => {
  it.each([null, { name: 'x', definition: {}, steps: [] }, 5])('%j is no document', async (document) => {
    const engine = new WorkflowEngine();
    await expect(engine.executeWorkflow(document as unknown as WorkflowDocument)).rejects.toMatchObject({
      code: 'DOCUMENT_INVALID',
    });
  });

  it.each([
    [undefined, '\n  A value of the type undefined cannot stand in a document.'],
    [
      { name: 'x', config: { n: Number.NaN }, steps: [] },
      '\n  config.n: The number NaN cannot stand in a document.',
    ],
    ['name: [', '\n  1:8: Flow sequence'],
  ])('%j is refused in a sentence that can be read', async (document, message) => {
    const load = new WorkflowEngine().load(document as unknown as WorkflowDocument);
    await expect(load).rejects.toThrow(message);
  });

  it('no step is called __proto__', async () => {
    const steps = [{ id: '__proto__', handler: 'core.set', config: { value: 1 } }];
    await expect(new WorkflowEngine().load({ name: 'x', steps })).rejects.toMatchObject({
      details: [{ code: 'UNSAFE_KEY', path: 'steps.__proto__.id' }],
    });
  });
});

describe('secrets', () => {
  const secret = 'hunter2';
  const cases: Record<string, Step> = {
    prompt: {
      id: 'a',
      handler: 'core.approval',
      config: { prompt: '${parameters.s}', form: { title: '${parameters.s}' } },
    },
    signal: { id: 'a', handler: 'core.wait', config: { signal: 'to-${parameters.s}' } },
    port: {
      id: 'a',
      handler: 'core.switch',
      config: { value: 1, cases: [{ equals: 1, port: '${parameters.s}' }] },
    },
  };

  it.each(Object.keys(cases))('are not in what is recorded: %s', async (name) => {
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine();
    engine.attach({ onEvent: (event) => events.push(event) });
    const handle = await engine.startWorkflow(
      { name: 's', parameters: [{ name: 's', type: 'secret' }], steps: [cases[name]!] },
      { s: secret },
    );
    if (name === 'signal') await engine.signal(handle.id, `to-${secret}`);
    if (name === 'prompt') await engine.cancel(handle.id, `for ${secret}`);
    const execution: Execution = await handle.result;
    expect(execution.status).toBe(name === 'prompt' ? 'cancelled' : 'success');
    expect(JSON.stringify([execution, events])).not.toContain(secret);
    expect(JSON.stringify(events)).toContain('***');
  });

  it('are not in the idempotency keys of signals, which stay apart', async () => {
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine({
      plugins: [
        testPlugin({
          tell: async ({ executions, parameters }) => {
            for (const key of ['from', 'from', 'From'])
              await executions.signal(String(parameters.to), 'told', null, {
                idempotencyKey: `${key}-${parameters.s}`,
              });
          },
        }),
      ],
    });
    engine.attach({ onEvent: (event) => events.push(event) });
    const parameters = [{ name: 's', type: 'secret' as const }];
    const waiting = await engine.startWorkflow(
      { name: 'w', parameters, steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }] },
      { s: secret },
    );
    const open = await engine.startWorkflow({
      name: 'o',
      steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }],
    });
    for (const key of [secret, secret, `${secret}-2`, `2-${secret}`, '***'])
      await engine.signal(waiting.id, 'other', null, { idempotencyKey: key });
    await engine.executeWorkflow(
      {
        name: 't',
        parameters: [...parameters, { name: 'to', type: 'string' }],
        steps: [{ id: 'a', handler: 'test.tell' }],
      },
      { s: secret, to: open.id },
    );
    for (const { id } of [waiting, open]) await engine.signal(id, 'go');
    await Promise.all([waiting.result, open.result]);
    expect(JSON.stringify(events)).not.toContain(secret);
    const keys = events.flatMap((event) =>
      event.event === 'signal_received' && event.idempotency_key !== undefined ? [event.idempotency_key] : [],
    );
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(6);
    expect(keys).toContain('***');
  });

  it('are not in the executions that one starts or signals', async () => {
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine();
    engine.attach({ onEvent: (event) => events.push(event) });
    await engine.add({
      id: 'child',
      name: 'child',
      output: '${steps.length.output}',
      parameters: [{ name: 'url', type: 'string' }],
      steps: [
        { id: 'length', handler: 'core.set', config: { value: '${[size(parameters.url), parameters.url]}' } },
      ],
    });
    const other = await engine.startWorkflow({
      name: 'other',
      steps: [{ id: 'w', handler: 'core.wait', config: { signal: 'go' } }],
    });
    const execution = await engine.executeWorkflow(
      {
        name: 's',
        parameters: [
          { name: 's', type: 'secret' },
          { name: 'url', type: 'string' },
        ],
        steps: [
          {
            id: 'call',
            handler: 'core.workflow',
            config: { workflow: 'child', parameters: { url: '${parameters.url}' } },
          },
          {
            id: 'tell',
            handler: 'core.emit',
            config: { execution: other.id, signal: 'go', payload: '${parameters.s}' },
          },
        ],
      },
      { s: secret, url: `https://${secret}@a.test` },
    );
    expect(execution.steps.call?.output).toEqual([22, 'https://***@a.test']);
    expect((await other.result).steps.w?.output).toBe('***');
    expect(JSON.stringify([execution, events])).not.toContain(secret);
  });

  it('that occur in the id of a child do not keep its end from it', async () => {
    let ids = 0;
    const engine = new WorkflowEngine({ ids: { next: () => `id-${ids++}` } });
    const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
    await engine.add({ id: 'c', name: 'c', output: 'whole', steps });
    const execution = await engine.executeWorkflow(
      {
        name: 's',
        parameters: [{ name: 's', type: 'secret' }],
        steps: [{ id: 'call', handler: 'core.workflow', config: { workflow: 'c' } }],
      },
      { s: 'd-' },
    );
    expect(execution).toMatchObject({ status: 'success', steps: { call: { output: 'whole' } } });
  });

  it('of a child are none of its parent and of its siblings', async () => {
    const engine = new WorkflowEngine();
    const parameters = [{ name: 's', type: 'secret' as const }];
    const value = 'Greetings from Ulm';
    await engine.add({
      ...{ id: 'one', name: 'one', parameters, output: '${steps.a.output}' },
      steps: [{ id: 'a', handler: 'core.set', config: { value } }],
    });
    await engine.add({
      ...{ id: 'two', name: 'two', output: '${steps.a.output}' },
      steps: [{ id: 'a', handler: 'core.set', config: { value } }],
    });
    const { steps } = await engine.executeWorkflow({
      name: 's',
      steps: [
        { id: 'one', handler: 'core.workflow', config: { workflow: 'one', parameters: { s: 'Ulm' } } },
        { id: 'two', handler: 'core.workflow', dependencies: ['one'], config: { workflow: 'two' } },
        { id: 'own', handler: 'core.set', dependencies: ['one'], config: { value } },
      ],
    });
    expect([steps.one, steps.two, steps.own].map((step) => step?.output)).toEqual([
      'Greetings from ***',
      value,
      value,
    ]);
  });

  it('that are called like a part of an error leave it whole', async () => {
    const execution = await new WorkflowEngine().executeWorkflow(
      { name: 's', parameters: [{ name: 's', type: 'secret' }], steps: [{ id: 'a', handler: 'core.fail' }] },
      { s: 'code' },
    );
    expect(execution.steps.a?.error).toMatchObject({ code: 'FAILED' });
  });
});
