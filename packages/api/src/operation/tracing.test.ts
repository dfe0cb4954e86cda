import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { defineHandler, definePlugin, type WorkflowDocument } from '@vwmp/core';
import { createMemoryEventBus, createMemoryStorage } from '@vwmp/core/memory';
import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import http from '@vwmp/plugins/http';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { makePlatform } from '../live/testing/platform.ts';
import { createServer } from '../server/create-server.ts';
import { createOperation } from './operation.ts';
import { loadTracing, type Tracing } from './tracing.ts';

const exporter = new InMemorySpanExporter();

beforeEach(() => {
  const contexts = new AsyncLocalStorageContextManager().enable();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(() => {
    trace.disable();
    context.disable();
    propagation.disable();
    exporter.reset();
  });
});

const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string): ReadableSpan => spans().find((span) => span.name === name)!;
const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const inside = definePlugin({
  name: 'inside',
  handlers: {
    span: defineHandler({
      description: 'Tells which span it runs in.',
      config: Type.Object({}),
      load: async () => ({ execute: () => trace.getActiveSpan()?.spanContext().spanId ?? 'none' }),
    }),
    fail: defineHandler({
      description: 'Fails.',
      config: Type.Object({}),
      execute: () => {
        throw new Error('secret payload');
      },
    }),
  },
});

async function traced(
  options: Parameters<typeof makePlatform>[0] = {},
  env = {},
): Promise<{ platform: Platform; tracing: Tracing }> {
  const tracing = (await loadTracing())!;
  const platform = await makePlatform(
    {
      plugins: tracing.plugins([inside, http]),
      observers: [tracing.observer],
      traceparent: tracing.traceparent,
      ...options,
    },
    env,
  );
  tracing.attach(platform);
  onTestFinished(() => platform.close());
  await platform.open();
  return { platform, tracing };
}

const traceId = 'a'.repeat(32);
const parentId = 'b'.repeat(16);
const traceparent = `00-${traceId}-${parentId}-01`;

test('one trace leads from the caller over request, execution and step to whom the step calls', async () => {
  const heard: (string | string[] | undefined)[] = [];
  const called = createHttpServer((request, response) => {
    heard.push(request.headers.traceparent);
    response.end('{}');
  });
  await new Promise<void>((resolve) => called.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void called.close());
  const { platform, tracing } = await traced();
  const server = createServer(
    platform,
    { ...platform.settings, api: { ...platform.settings.api, port: 0 } },
    {
      operation: createOperation({ platform, tracing }),
    },
  );
  const { url } = await server.listen();
  onTestFinished(() => server.close());
  const target = `http://127.0.0.1:${(called.address() as AddressInfo).port}/`;
  const steps = [
    { id: 'who', handler: 'inside.span', config: {} },
    { id: 'call', handler: 'http.request', config: { url: target }, dependencies: ['who'] },
  ];
  const text = JSON.stringify({ id: 'w', name: 'W', steps });
  await platform.workflows.save({ id: 'w', name: 'W', type: 'generic', version: '0.1.0', text }, undefined);
  const answer = await fetch(`${url}/api/vwmp/workflows/w/execute/?wait=1m`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: '{}',
  });
  const { id: execution_id } = (await answer.json()) as { id: string };
  await until(() => spans().length === 4);
  const request = named('POST /api/vwmp/workflows/{workflow_id}/execute/');
  const [execution, who, call] = [named('execution'), named('step who'), named('step call')];
  for (const span of spans()) expect(span.spanContext().traceId).toBe(traceId);
  expect(request.parentSpanContext?.spanId).toBe(parentId);
  expect(execution.parentSpanContext?.spanId).toBe(idOf(request));
  expect(who.parentSpanContext?.spanId).toBe(idOf(execution));
  expect(call.parentSpanContext?.spanId).toBe(idOf(execution));
  expect(heard).toEqual([`00-${traceId}-${idOf(call)}-01`]);
  const done = (await platform.execution(execution_id))!;
  expect(done.steps.who).toMatchObject({ output: idOf(who) });
  expect(execution.attributes).toMatchObject({ 'vwmp.execution_id': execution_id, 'vwmp.status': 'success' });
  expect(request.attributes).toMatchObject({ 'http.response.status_code': 200 });
});

test('a worker in another process goes on with the trace that was kept with the execution', async () => {
  const shared = createMemoryStorage();
  const storage = { ...shared, close: async () => undefined };
  const queue = { ...createMemoryQueue(), close: async () => undefined };
  const options = { storage, queue };
  const accepting = await traced(options, { VWMP_IN_PROCESS_WORKER: 'false' });
  const parent = trace.getTracer('test').startSpan('caller');
  const document: WorkflowDocument = {
    id: 'w',
    name: 'W',
    steps: [{ id: 'who', handler: 'inside.span', config: {} }],
  };
  const { execution_id } = await context.with(trace.setSpan(context.active(), parent), () =>
    accepting.platform.start(document),
  );
  parent.end();
  expect((await storage.executions.get(execution_id))?.origin?.traceparent).toContain(idOf(named('caller')));
  const { platform } = await traced(options);
  const done = await platform.wait(execution_id);
  await until(() => spans().some(({ name }) => name === 'execution'));
  expect(named('execution').parentSpanContext?.spanId).toBe(idOf(named('caller')));
  expect(named('step who').parentSpanContext?.spanId).toBe(idOf(named('execution')));
  expect(done.steps.who).toMatchObject({ output: idOf(named('step who')) });
});

test('a step that another worker carries out has a span there, which ends with it', async () => {
  const shared = createMemoryStorage();
  const options = {
    storage: { ...shared, close: async () => undefined },
    queue: { ...createMemoryQueue(), close: async () => undefined },
    bus: { ...createMemoryEventBus(), close: async () => undefined },
  };
  const { platform } = await traced(options, {
    VWMP_UNIFIED_WORKER: 'false',
    VWMP_WORKER_QUEUES: 'executions',
  });
  await traced(options, { VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'heavy' });
  const parent = trace.getTracer('test').startSpan('caller');
  const steps = [
    { id: 'who', handler: 'inside.span', queue: 'heavy', config: {} },
    { id: 'bad', handler: 'inside.fail', queue: 'heavy', config: {}, dependencies: ['who'] },
  ];
  const { execution_id } = await context.with(trace.setSpan(context.active(), parent), () =>
    platform.start({ id: 'w', name: 'W', steps }),
  );
  const done = await platform.wait(execution_id);
  await until(() => spans().some(({ name }) => name === 'execution'));
  const caller = parent.spanContext();
  for (const span of spans()) expect(span.spanContext().traceId).toBe(caller.traceId);
  // Those who own it see it wait; the step itself is seen where it was carried out.
  expect(named('step who').parentSpanContext?.spanId).not.toBe(caller.spanId);
  expect(done.steps.who).toMatchObject({ output: idOf(named('step who')) });
  expect(named('step bad').status).toEqual({ code: SpanStatusCode.ERROR, message: 'HANDLER_ERROR' });
  expect(JSON.stringify([named('step bad').status, named('step bad').events])).not.toContain('secret');
  // Each step lies in a span of that process which ended with it.
  for (const step of [named('step who'), named('step bad')]) {
    const around = spans().filter((span) => idOf(span) === step.parentSpanContext?.spanId);
    expect(around.map(({ name }) => name)).toEqual(['execution']);
  }
});

test('failures and attempts are seen, their messages are not; a wait holds no span open', async () => {
  const { platform } = await traced();
  const failing: WorkflowDocument = {
    ...{ id: 'f', name: 'F' },
    steps: [{ id: 'bad', handler: 'inside.fail', config: {}, retry: { attempts: 2, delay: '1ms' } }],
  };
  await platform.wait((await platform.start(failing)).execution_id);
  const attempts = spans().filter(({ name }) => name === 'step bad');
  expect(attempts.map(({ attributes }) => attributes['vwmp.attempt'])).toEqual([1, 2]);
  for (const { status } of [...attempts, named('execution')]) expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(
    JSON.stringify(spans().map(({ status, attributes, events }) => [status, attributes, events])),
  ).not.toContain('secret');
  exporter.reset();

  const waiting: WorkflowDocument = {
    ...{ id: 'p', name: 'P' },
    steps: [{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }],
  };
  const { execution_id } = await platform.start(waiting);
  await until(() => spans().some(({ name }) => name === 'execution'));
  expect((await platform.execution(execution_id))?.completed_at).toBeUndefined();
});

test('where nothing was registered nothing is made', async () => {
  trace.disable();
  context.disable();
  propagation.disable();
  expect(await loadTracing()).toBeUndefined();
});
