import { describe, expect, it } from 'vitest';
import { VwmpError } from '../errors.ts';
import type { ExecutionEvent } from '../model/event.ts';
import { defineHandler, emit } from '../plugin/handler.ts';
import { definePlugin } from '../plugin/plugin.ts';
import { Type } from '../schema.ts';
import { WorkflowEngine } from './engine.ts';
import { testPlugin } from './testing/steps.ts';

describe('values', () => {
  it('missing config gets the defaults of the schema', async () => {
    const config = Type.Object({
      tries: Type.Integer({ default: 4 }),
      name: Type.Optional(Type.String({ default: 'x' })),
    });
    const echo = defineHandler({
      description: 'Gives its config back.',
      config,
      execute: (context) => context.config,
    });
    const engine = new WorkflowEngine({ plugins: [definePlugin({ name: 'test', handlers: { echo } })] });
    const { steps } = await engine.executeWorkflow({
      name: 'defaults',
      steps: [
        { id: 'a', handler: 'test.echo' },
        { id: 'b', handler: 'test.echo', config: { name: '${1 + 1 == 2 ? "y" : "z"}' } },
      ],
    });
    expect([steps.a!.output, steps.b!.output]).toEqual([
      { tries: 4, name: 'x' },
      { tries: 4, name: 'y' },
    ]);
  });

  it('no handler can change what another one gets', async () => {
    const shared = { list: [1, 2], deep: { n: 1 } };
    const attempts: string[] = [];
    const engine = new WorkflowEngine({
      plugins: [
        testPlugin({
          give: () => shared,
          spoil: ({ config }) => {
            const { value } = config as unknown as { value: typeof shared };
            for (const change of [
              () => value.list.push(9),
              () => (value.deep.n = 9),
              () => delete (value as Partial<typeof shared>).list,
            ]) {
              try {
                change();
              } catch (error) {
                attempts.push((error as Error).name);
              }
            }
            return null;
          },
          read: ({ config }) => config,
        }),
      ],
    });
    const execution = await engine.executeWorkflow({
      name: 'frozen',
      steps: [
        { id: 'give', handler: 'test.give' },
        {
          id: 'spoil',
          handler: 'test.spoil',
          dependencies: ['give'],
          config: { value: '${steps.give.output}' },
        },
        {
          id: 'read',
          handler: 'test.read',
          dependencies: ['spoil', 'give'],
          config: { value: '${steps.give.output}' },
        },
      ],
    });
    shared.list.push(3);
    expect(attempts).toEqual(['TypeError', 'TypeError', 'TypeError']);
    expect(execution.steps.read!.output).toEqual({ value: { list: [1, 2], deep: { n: 1 } } });
  });

  it.each([
    ['a function', () => () => 1, 'OUTPUT_INVALID'],
    [
      'something cyclic',
      () => {
        const a: unknown[] = [];
        a.push(a);
        return a;
      },
      'OUTPUT_INVALID',
    ],
    ['not a number', () => Number.NaN, 'OUTPUT_INVALID'],
    ['a __proto__ key', () => JSON.parse('{"__proto__": {"x": 1}}') as unknown, 'UNSAFE_KEY'],
    [
      '100,000 lists in each other',
      () => JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown,
      'OUTPUT_INVALID',
    ],
    ['more than the limit', () => 'x'.repeat(2000), 'OUTPUT_INVALID'],
    ['an undeclared port', () => emit('up'), 'PORT_UNKNOWN'],
  ])('%s as output fails the step', async (_name, make, code) => {
    const engine = new WorkflowEngine({ maxPayload: 1000, plugins: [testPlugin({ make })] });
    const execution = await engine.executeWorkflow({
      name: 'bad',
      steps: [{ id: 'a', handler: 'test.make' }],
    });
    expect(execution.steps.a!.error).toMatchObject({ code });
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ['text', 'HANDLER_ERROR', 'text'],
    [null, 'HANDLER_ERROR', 'null'],
    [new Error('plain'), 'HANDLER_ERROR', 'plain'],
    [Object.assign(new Error('coded'), { code: 'ENOENT' }), 'ENOENT', 'coded'],
    [{ code: 'lower', message: 'odd' }, 'HANDLER_ERROR', 'odd'],
  ])('%j thrown becomes an error with a code', async (thrown, code, message) => {
    const fail = (): never => {
      throw thrown;
    };
    const engine = new WorkflowEngine({ plugins: [testPlugin({ fail })] });
    const { steps } = await engine.executeWorkflow({
      name: 'throw',
      steps: [{ id: 'a', handler: 'test.fail' }],
    });
    expect(steps.a!.error).toMatchObject({ code, message });
  });
});

describe('secrets', () => {
  it('stand nowhere in the clear: outputs, errors, logs, events, parameters', async () => {
    const secret = 'pa"ss/word+1';
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine({
      secrets: { get: (name) => (name === 'API' ? 'api-key-value' : undefined) },
      plugins: [
        testPlugin({
          leak: ({ parameters, secrets, logger, progress }) => {
            const text = `${String(parameters.token)} ${secrets.get('API')}`;
            logger.info(`using ${text}`, { text });
            progress({ total: 1, completed: 1, message: text });
            return {
              text,
              json: JSON.stringify({ text }),
              uri: encodeURIComponent(String(parameters.token)),
            };
          },
          fail: ({ parameters }) => {
            throw new Error(`bad token ${String(parameters.token)}`, {
              cause: new Error(String(parameters.token)),
            });
          },
        }),
      ],
    });
    engine.attach({ onEvent: (event) => events.push(event) });
    const execution = await engine.executeWorkflow(
      {
        name: 'secret',
        parameters: [{ name: 'token', type: 'secret' }],
        output: { all: '${steps.leak.output.text}', api: '${secrets.API}' },
        steps: [
          { id: 'leak', handler: 'test.leak' },
          { id: 'fail', handler: 'test.fail', required: false },
        ],
      },
      { token: secret },
    );
    expect(execution.error).toBeUndefined();
    expect(execution.status).toBe('partial');
    expect(execution.parameters).toEqual({ token: '***' });
    expect(execution.output).toEqual({ all: '*** ***', api: '***' });
    const everything = JSON.stringify([execution, events]);
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      'api-key-value',
    ]) {
      expect(everything).not.toContain(JSON.stringify(form).slice(1, -1));
    }
    expect(events.some((event) => event.event === 'log')).toBe(true);
  });

  it('stand nowhere as a number', async () => {
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine({
      plugins: [
        testPlugin({
          parse: ({ config, logger }) => {
            const pin = Number((config as { pin: string }).pin);
            logger.info('parsed', { pin });
            return { pin, next: pin + 1 };
          },
          fail: ({ parameters }) => {
            throw new VwmpError('FAILED', 'It failed.', { details: { pin: Number(parameters.pin) } });
          },
        }),
      ],
    });
    engine.attach({ onEvent: (event) => events.push(event) });
    const other = await engine.startWorkflow({
      name: 'other',
      steps: [{ id: 'w', handler: 'core.wait', config: { signal: 'go' } }],
    });
    const tell = { execution: other.id, signal: 'go', payload: '${[int(parameters.pin)]}' };
    const execution = await engine.executeWorkflow(
      {
        name: 'pin',
        parameters: [
          { name: 'pin', type: 'secret' },
          { name: 'same', type: 'number' },
        ],
        output: '${[int(parameters.pin), 1]}',
        steps: [
          { id: 'set', handler: 'core.set', config: { value: '${int(parameters.pin)}' } },
          { id: 'parse', handler: 'test.parse', config: { pin: '${parameters.pin}' } },
          { id: 'tell', handler: 'core.emit', config: tell },
          { id: 'fail', handler: 'test.fail', required: false },
        ],
      },
      { pin: '493817', same: 493817 },
      { trigger: { body: { pin: 493817 } } },
    );
    expect(execution.output).toEqual(['***', 1]);
    expect(execution.steps.set!.output).toBe('***');
    expect(execution.steps.parse!.output).toEqual({ pin: '***', next: 493818 });
    expect(execution.steps.fail!.error?.details).toEqual({ pin: '***' });
    expect(events.some((event) => event.event === 'log')).toBe(true);
    expect((await other.result).steps.w!.output).toEqual(['***']);
    expect(JSON.stringify([execution, events])).not.toContain('493817');
  });

  it('that are a small number leave what the engine counts', async () => {
    const { steps, parameters } = await new WorkflowEngine().executeWorkflow(
      {
        name: 'one',
        parameters: [
          { name: 's', type: 'secret' },
          { name: 'count', type: 'number' },
        ],
        steps: [{ id: 'a', handler: 'core.set', config: { value: '${parameters.count + 1}' } }],
      },
      { s: '1', count: 1 },
    );
    expect(parameters).toEqual({ s: '***', count: '***' });
    expect(steps.a).toMatchObject({ status: 'success', output: 2, attempts: 1 });
  });

  it('that are missing are an error that names them', async () => {
    const engine = new WorkflowEngine({
      plugins: [testPlugin({ read: ({ secrets }) => secrets.get('NOPE') })],
    });
    const { steps } = await engine.executeWorkflow({
      name: 'missing',
      steps: [
        { id: 'a', handler: 'test.read' },
        { id: 'b', handler: 'core.set', config: { value: '${secrets.NOPE}' } },
      ],
    });
    expect(steps.a!.error).toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('NOPE'),
    });
    expect(steps.b!.error).toMatchObject({
      code: 'EXPRESSION_ERROR',
      message: expect.stringContaining('NOPE'),
    });
  });
});

describe('observers', () => {
  it('get every kind of event with numbers for the recorded ones', async () => {
    const names: string[] = [];
    const events: ExecutionEvent[] = [];
    const engine = new WorkflowEngine();
    await engine.executeWorkflow(
      {
        name: 'watched',
        steps: [
          {
            id: 'a',
            handler: 'core.fail',
            required: false,
            config: { until_attempt: 2 },
            retry: { attempts: 2, delay: 0 },
          },
          { id: 'b', handler: 'core.log', config: { message: 'hi' } },
          { id: 'c', handler: 'core.set', when: 'false', config: { value: 1 } },
          { id: 'd', handler: 'core.fail', required: false },
        ],
      },
      {},
      {
        observers: [
          {
            onEvent: (event) => events.push(event),
            onWorkflowStarted: () => names.push('started'),
            onStepRetrying: ({ step_id }) => names.push(`retrying ${step_id}`),
            onLog: ({ message }) => names.push(`log ${message}`),
            onStepSkipped: ({ reason }) => names.push(`skipped ${reason}`),
            onStepFailed: ({ step_id }) => names.push(`failed ${step_id}`),
            onStepCompleted: ({ step_id }) => names.push(`completed ${step_id}`),
            onWorkflowCompleted: ({ status }) => names.push(status),
          },
        ],
      },
    );
    expect(names[0]).toBe('started');
    expect(names.at(-1)).toBe('partial');
    expect(names).toEqual(
      expect.arrayContaining([
        'retrying a',
        'log hi',
        'skipped condition',
        'failed d',
        'completed a',
        'completed b',
      ]),
    );
    const recorded = events.filter(({ event }) => !['step_started', 'log', 'progress'].includes(event));
    expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
    expect(events.every(Object.isFrozen)).toBe(true);
  });

  it('that throw or reject harm nothing, and are reported', async () => {
    const warnings: string[] = [];
    const engine = new WorkflowEngine({
      logger: { log: (_level, message, fields) => warnings.push(`${message} ${String(fields?.error)}`) },
    });
    let later = 0;
    engine.attach({
      onEvent: () => {
        throw new Error('sync');
      },
    });
    engine.attach({ onStepCompleted: (() => Promise.reject(new Error('async'))) as never });
    const detach = engine.attach({ onEvent: () => void later++ });
    const document = { name: 'o', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] };
    expect((await engine.executeWorkflow(document)).status).toBe('success');
    expect(later).toBeGreaterThan(3);
    detach();
    const before = later;
    await engine.executeWorkflow(document);
    expect(later).toBe(before);
    expect(warnings.some((line) => line.includes('sync'))).toBe(true);
    expect(warnings.some((line) => line.includes('async'))).toBe(true);
  });
});
