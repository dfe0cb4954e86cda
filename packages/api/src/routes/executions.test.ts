// Executions are found by the time at which they started, however that is written; what is sent them has a bound.
import { defineHandler, definePlugin, type Execute, VwmpError } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createWorld } from '../testing/world.ts';

let platform: Platform;
let api: Harness;

beforeAll(async () => {
  platform = await openPlatform();
  api = createHarness(platform);
});
afterAll(() => platform.close());

it('tries again once under a key, and notes it once', async () => {
  const own = await openPlatform();
  const { failed } = await createWorld(own);
  const { send } = createHarness(own);
  const again = () =>
    send({
      method: 'POST',
      path: `/api/vwmp/executions/${failed}/retry/`,
      headers: { 'idempotency-key': 'again-1' },
      body: {},
    });
  const first = await again();
  expect(first).toMatchObject({ status: 202, body: { created: true, retry_of: failed } });
  const { execution_id } = first.body as { execution_id: string };
  expect(await again()).toMatchObject({ status: 202, body: { execution_id, created: false } });
  const { results } = await own.storage.audit.list({ limit: 100 });
  expect(
    results.filter(({ action, subject }) => action === 'execution.retried' && subject === failed),
  ).toHaveLength(1);
  await own.close();
});

it('refuses to wait longer than it can, instead of answering early', async () => {
  const ask = (wait: string) =>
    api.send({ method: 'POST', path: `/api/vwmp/workflows/none/execute/?wait=${wait}`, body: {} });
  for (const wait of ['1h', '300001', '301s']) {
    const { status, body } = await ask(wait);
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'REQUEST_INVALID' });
    expect(body.error.message).toContain('5m');
    expect(body.error.details).toEqual([{ path: 'query.wait', message: 'It must be 5m at most.' }]);
  }
  for (const wait of ['5m', '300s', '300000']) expect(await ask(wait)).toMatchObject({ status: 404 });
});

it('tells the log why it waits no longer, unless the service closes or a part is away', async () => {
  const own = await openPlatform();
  await createWorld(own);
  const log = vi.fn();
  const { send } = createHarness(own, { logger: { log } });
  const wait = vi.spyOn(own, 'wait');
  const ask = () => send({ method: 'POST', path: '/api/vwmp/workflows/hello/execute/?wait=1m', body: {} });
  try {
    for (const code of ['ENGINE_CLOSED', 'STORE_UNAVAILABLE']) {
      wait.mockRejectedValueOnce(new VwmpError(code, 'Not now.', { retryable: true }));
      expect(await ask()).toMatchObject({ status: 202 });
    }
    expect(log).not.toHaveBeenCalled();
    wait.mockRejectedValueOnce(new TypeError('broken on purpose'));
    expect(await ask()).toMatchObject({ status: 202 });
    expect(log.mock.calls).toEqual([
      [
        'error',
        expect.any(String),
        expect.objectContaining({ error: expect.stringContaining('on purpose') }),
      ],
    ]);
  } finally {
    await own.close();
  }
});

it('says that it was started when it can wait no longer', async () => {
  const own = await openPlatform();
  const { waiting: _ } = await createWorld(own);
  const { send } = createHarness(own);
  const path = '/api/vwmp/workflows/waits/execute/?wait=1m';
  const asked = send({ method: 'POST', path, body: {} });
  const started = async (): Promise<number> =>
    (await own.storage.executions.list({ workflow_id: 'waits', status: ['waiting'] })).results.length;
  const before = await started();
  await vi.waitFor(async () => expect(await started()).toBeGreaterThan(before));
  await own.close();
  expect(await asked).toMatchObject({ status: 202, body: { workflow_id: 'waits', created: true } });
});

it('what is done is answered as done when the audit log cannot be written, and told to the log', async () => {
  const own = await openPlatform();
  await createWorld(own);
  own.storage.audit.add = async () => {
    throw new Error('The disk is full.');
  };
  const logged: unknown[] = [];
  const logger = { log: (...entry: unknown[]) => void logged.push(entry) };
  const { send } = createHarness(own, { logger });
  for (const [path, body, status] of [
    ['workflows/hello/execute/', {}, 202],
    ['workflows/hello/execute/?wait=1m', {}, 200],
    ['keys/', { name: 'ci', role: 'viewer' }, 201],
  ] as const)
    expect(await send({ method: 'POST', path: `/api/vwmp/${path}`, body })).toMatchObject({ status });
  const fields = { action: 'key.created', error: 'The disk is full.' };
  expect(logged.at(-1)).toMatchObject(['error', expect.stringContaining('It is done'), fields]);
  await own.close();
});

it('cancelled gently once more, what is being undone goes on; cancelled once more, it is given up', async () => {
  const undo = Promise.withResolvers<null>();
  const undoing: Execute = ({ signal }) => {
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('It was stopped.')));
    });
    return Promise.race([undo.promise, stopped]);
  };
  const handler = (execute: Execute) =>
    defineHandler({ description: 'For tests.', config: Type.Object({}), execute });
  const handlers = { act: handler(() => null), undo: handler(undoing) };
  const own = await openPlatform({ plugins: [definePlugin({ name: 'test', handlers })] });
  const { send } = createHarness(own);
  const start = async (): Promise<string> => {
    const { execution_id } = await own.start({
      ...{ id: 'undone', name: 'Undone' },
      steps: [
        { id: 'a', handler: 'test.act', compensate: { handler: 'test.undo' } },
        { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
      ],
    });
    await vi.waitFor(async () =>
      expect((await own.execution(execution_id))?.steps.b?.status).toBe('waiting'),
    );
    return execution_id;
  };
  const cancel = (id: string, body: object) =>
    send({ method: 'POST', path: `/api/vwmp/executions/${id}/cancel/`, body });
  const [kept, given] = [await start(), await start()];
  for (const id of [kept, given]) {
    expect(await cancel(id, { gentle: true })).toMatchObject({ status: 202 });
    await vi.waitFor(async () => expect((await own.execution(id))?.steps.b?.status).toBe('cancelled'));
    expect(await cancel(id, { gentle: true })).toMatchObject({ status: 202 });
  }
  expect(await cancel(given, {})).toMatchObject({ status: 202 });
  const { error } = await own.wait(given);
  expect(error?.details).toHaveProperty('compensation_errors');
  undo.resolve(null);
  expect((await own.wait(kept)).error?.details ?? {}).not.toHaveProperty('compensation_errors');
  await own.close();
});

it('takes in a signal once under a key, and says which it was in the audit log', async () => {
  const own = await openPlatform();
  const { waiting } = await createWorld(own);
  const { send } = createHarness(own);
  const signal = (key: string) =>
    send({
      method: 'POST',
      path: `/api/vwmp/executions/${waiting}/signals/later/`,
      headers: { 'idempotency-key': key },
      body: {},
    });
  for (const key of ['s-1', 's-1', 's-2']) expect(await signal(key)).toMatchObject({ status: 202 });
  expect(await signal('no key')).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } });
  const taken = async (): Promise<unknown[]> => {
    const keys: unknown[] = [];
    for await (const event of own.storage.executions.events(waiting))
      if (event.event === 'signal_received') keys.push(event.idempotency_key);
    return keys;
  };
  await vi.waitFor(async () => expect(await taken()).toContain('s-2'));
  expect(await taken()).toEqual(['s-1', 's-2']);
  const { results } = await own.storage.audit.list({ limit: 100 });
  expect(
    results.filter(({ action }) => action === 'execution.signalled').map(({ details }) => details),
  ).toContainEqual({ signal: 'later', idempotency_key: 's-1' });
  await own.close();
});

it('keeps a key in which a secret may be out of the audit log', async () => {
  const own = await openPlatform({}, { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) });
  const parameters = [{ name: 'token', type: 'secret' as const }];
  const steps = [{ id: 'pay', handler: 'core.wait', config: { signal: 'paid' } }];
  const document = { name: 'w', parameters, steps };
  const { execution_id } = await own.start(document, { token: 'correct-horse' });
  const { send } = createHarness(own);
  const path = `/api/vwmp/executions/${execution_id}/signals/paid/`;
  const headers = { 'idempotency-key': 'bill-correct-horse' };
  expect(await send({ method: 'POST', path, headers, body: {} })).toMatchObject({ status: 202 });
  await own.wait(execution_id);
  let inHistory: string | undefined;
  for await (const event of own.storage.executions.events(execution_id))
    if (event.event === 'signal_received') inHistory = event.idempotency_key;
  const { results } = await own.storage.audit.list({ limit: 100 });
  expect(JSON.stringify(results)).not.toContain('correct-horse');
  expect(results.find(({ action }) => action === 'execution.signalled')?.details).toEqual({
    signal: 'paid',
    idempotency_key: inHistory,
  });
  await own.close();
});

it.each([
  ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.999Z'],
  ['2026-12-31t23:59:60.75z', '2026-12-31T23:59:59.999Z'],
  ['2017-01-01T00:59:60+01:00', '2016-12-31T23:59:59.999Z'],
  ['2016-12-31T22:59:60-01:00', '2016-12-31T23:59:59.999Z'],
  ['2026-01-31T12:60:00Z', undefined],
  ['2026-01-31T12:00:60Z', undefined],
  ['2026-01-31T13:00:00+01:00', '2026-01-31T12:00:00.000Z'],
])('%s is looked for as %s', async (given, expected) => {
  const { executions } = platform.storage;
  const asked: unknown[] = [];
  const { list } = executions;
  executions.list = (query) => {
    asked.push(query?.started_after, query?.started_before);
    return list.call(executions, query);
  };
  const time = encodeURIComponent(given);
  for (const name of ['started_after', 'started_before']) {
    const { status, body } = await api.send({ path: `/api/vwmp/executions/?${name}=${time}` });
    expect(status).toBe(expected === undefined ? 400 : 200);
    if (expected === undefined) expect(body.error.details).toMatchObject([{ path: `query.${name}` }]);
  }
  executions.list = list;
  expect(asked).toEqual(expected === undefined ? [] : [expected, undefined, undefined, expected]);
});

it.each([[{}], [{ VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'mails' }]])(
  'what is larger than a value may be is refused with 400 wherever it is sent, by a process with %j',
  async (env) => {
    const storage = createMemoryStorage();
    const maxPayload = 1000;
    const worker = await openPlatform({ storage, maxPayload });
    const { waiting, asking } = await createWorld(worker);
    const other = await openPlatform({ storage, maxPayload }, env);
    const long = 'x'.repeat(1000);
    for (const [path, body] of [
      [`executions/${waiting}/signals/go/`, { payload: long }],
      [`executions/${asking}/approvals/ask/`, { approved: true, comment: long, values: { stars: 5 } }],
      ['workflows/hello/execute/', { parameters: { who: long } }],
    ] as const) {
      for (const each of [worker, other]) {
        const answer = await createHarness(each).send({ method: 'POST', path: `/api/vwmp/${path}`, body });
        expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALUE_INVALID' } } });
      }
    }
    await other.close();
    await worker.close();
  },
);

it('that nothing can have such a name does not say that its execution or workflow is gone', async () => {
  const { waiting } = await createWorld(platform);
  for (const [method, path, code] of [
    ['POST', `executions/${waiting}/signals/${'x'.repeat(201)}/`, 'NOT_FOUND'],
    ['GET', `executions/${waiting}/approvals/wait:-1/`, 'NOT_FOUND'],
    ['GET', 'workflows/hello/versions/%20/', 'NOT_FOUND'],
    ['GET', 'executions/%20/approvals/wait/', 'EXECUTION_NOT_FOUND'],
    ['GET', 'workflows/%20/versions/1-a/', 'WORKFLOW_NOT_FOUND'],
  ] as const) {
    const { status, body } = await api.send({ method, path: `/api/vwmp/${path}` });
    expect({ path, status, code: body.error.code }).toEqual({ path, status: 404, code });
  }
});
