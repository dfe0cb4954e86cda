import { expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { defineHandler, type Execute } from '../plugin/handler.ts';
import { definePlugin } from '../plugin/plugin.ts';
import { Type } from '../schema.ts';
import { WorkflowEngine } from './engine.ts';

/** An engine with the handler `test.run`. */
function engineWith(execute: Execute<never>): WorkflowEngine {
  const run = defineHandler({ description: 'd', config: Type.Unsafe<never>({ type: 'object' }), execute });
  return new WorkflowEngine({ plugins: [definePlugin({ name: 'test', handlers: { run } })] });
}

const document = { name: 'w', steps: [{ id: 'a', handler: 'test.run' }] };

test('an error in a log line says what it is', async () => {
  const lines: JsonValue[] = [];
  const engine = engineWith(({ logger }) => {
    logger.info(new Error('boom') as never);
    logger.warn('x', new TypeError('data error'));
    logger.error('y', { err: new Error('inner'), headers: new Headers() });
  });
  engine.attach({ onLog: ({ message, data = null }) => lines.push([message, data]) });
  expect((await engine.executeWorkflow(document)).status).toBe('success');
  expect(lines).toEqual([
    ['{"name":"Error","message":"boom"}', null],
    ['x', { name: 'TypeError', message: 'data error' }],
    ['y', { err: { name: 'Error', message: 'inner' }, headers: '(Headers)' }],
  ]);
});

test('the reasons of promises that were rejected stay in an output', async () => {
  const engine = engineWith(() => Promise.allSettled([Promise.reject(new Error('lost reason')), 1]));
  expect((await engine.executeWorkflow(document)).steps.a?.output).toEqual([
    { status: 'rejected', reason: { name: 'Error', message: 'lost reason' } },
    { status: 'fulfilled', value: 1 },
  ]);
});

test.each([
  undefined,
  null,
  5,
  {},
  { total: 4, completed: 1, message: 5 },
  { total: Number.NaN, completed: Number.NaN },
])('a step with the progress %j succeeds whether somebody watches or not', async (progress) => {
  for (const watched of [false, true]) {
    const engine = engineWith((context) => context.progress(progress as never));
    if (watched) engine.attach({});
    const parameters = [{ name: 's', type: 'secret' as const }];
    const { status } = await engine.executeWorkflow({ ...document, parameters }, { s: 'hunter22' });
    expect(status).toBe('success');
  }
});

test('progress is told as far as it can be read', async () => {
  const told: unknown[] = [];
  const engine = engineWith(({ progress }) => {
    progress({ total: 4, completed: 1, message: 'the half of it' });
    progress({ total: '4', completed: 2, message: 5 } as never);
    progress('nonsense' as never);
    const unreadable = {
      get message() {
        throw new Error('no');
      },
    };
    progress(Object.assign(unreadable, { total: 2, completed: 1, failed: () => 1 }) as never);
  });
  engine.attach({
    onEvent: ({ event, ...rest }) => {
      if (event === 'progress') told.push(rest);
    },
  });
  await engine.executeWorkflow(document);
  expect(told).toMatchObject([
    { total: 4, completed: 1, failed: 0, percentage: 25, message: 'the half of it' },
    { total: 0, completed: 2, failed: 0, percentage: 0, message: '5' },
    { total: 2, completed: 1, failed: 0, percentage: 50 },
  ]);
});

test('errors without a message say what the first of them says', async () => {
  const engine = engineWith(() =>
    Promise.reject(new AggregateError([new Error('refused'), new Error('late')])),
  );
  const { error } = (await engine.executeWorkflow(document)).steps.a!;
  expect(error).toMatchObject({ code: 'HANDLER_ERROR', message: 'refused' });
});

test('a handler that throws while it is loaded could not be loaded', async () => {
  const load = (): never => {
    throw new Error('no such file');
  };
  const run = defineHandler({ description: 'd', config: Type.Unsafe<never>({ type: 'object' }), load });
  const engine = new WorkflowEngine({ plugins: [definePlugin({ name: 'test', handlers: { run } })] });
  expect((await engine.executeWorkflow(document)).steps.a?.error).toMatchObject({
    code: 'HANDLER_LOAD_FAILED',
    message: expect.stringContaining('no such file'),
  });
});
