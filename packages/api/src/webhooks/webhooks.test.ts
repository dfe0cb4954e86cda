import { createHmac } from 'node:crypto';
import { VwmpError, type WebhookTrigger, type WorkflowDocument } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import type { Platform, PlatformOptions, WebhookAnswer } from '@vwmp/core/platform';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { VwmpApp } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import { openPlatform, save } from '../live/testing/platform.ts';
import { openApiDocument } from '../openapi/document.ts';
import { createAnswerChecker } from '../testing/answers.ts';

const secrets = {
  get: (name: string) =>
    ({ HOOK: 'It is a secret', STANDARD: `whsec_${btoa('a secret of Standard Webhooks')}` })[name],
};
const gitHub: WebhookTrigger = {
  webhook: 'repo/push',
  secret: '${secrets.HOOK}',
  events: ['push'],
  when: 'trigger.body.ref != "refs/heads/skip"',
  parameters: { ref: '${trigger.body.ref}' },
};
const parameters: WorkflowDocument['parameters'] = [{ name: 'ref', type: 'string', default: '' }];
const workflow = (id: string, ...triggers: WebhookTrigger[]): WorkflowDocument => ({
  ...{ id, name: id, triggers, parameters, output: '${parameters.ref}' },
  steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
});

let platform: Platform;
let app: VwmpApp;
afterEach(() => platform?.close());

async function open(documents: readonly WorkflowDocument[], options: PlatformOptions = {}): Promise<void> {
  platform = await openPlatform({ secrets, ...options });
  for (const document of documents) {
    if (!(await platform.workflows.get(document.id!))) await save(platform, document);
  }
  app = createHonoApp(platform);
}

const sign = (body: string, secret = 'It is a secret'): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const checker = createAnswerChecker();
const met = new Set<number>();

/** Sends something, and compares the answer with what the OpenAPI document says. */
async function post(path: string, init: RequestInit): Promise<Response> {
  const response = await app.request(`http://127.0.0.1/webhooks/${path}`, { ...init, method: 'POST' });
  const { status, headers } = response;
  const text = await response.clone().text();
  expect(
    checker.fault('/webhooks/{path}', 'post', status, headers.get('content-type') ?? '', text),
  ).toBeUndefined();
  met.add(status);
  return response;
}

/** As GitHub delivers. */
async function deliver(
  body: string,
  {
    event = 'push',
    id = crypto.randomUUID() as string,
    signature = sign(body),
    path = 'repo/push',
    ...more
  } = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-github-hook-id': '292430182',
    'x-hub-signature-256': signature,
    ...more,
  };
  const init = { method: 'POST', body, headers };
  const response = await post(path, init);
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const count = async (workflow_id: string): Promise<number> =>
  (await platform.storage.executions.list({ workflow_id })).count;

const push = JSON.stringify({ ref: 'refs/heads/main', repository: { full_name: 'octo/hello' }, commits: [] });

describe('a delivery of GitHub', () => {
  it('is answered once it is recorded, and carried out', async () => {
    await open([workflow('a', gitHub)]);
    const { status, answer } = await deliver(push);
    expect(status).toBe(202);
    const id = answer.execution_id as string;
    expect(answer).toEqual({
      ...{ task_id: id, execution_id: id, status: 'queued' },
      executions: [{ workflow_id: 'a', execution_id: id, created: true }],
    });
    expect(await platform.storage.executions.get(id)).toBeDefined();
    expect(await platform.wait(id)).toMatchObject({ status: 'success', output: 'refs/heads/main' });
  });

  it('as a form, which it sends until somebody chooses JSON, is the JSON in it', async () => {
    await open([workflow('a', { webhook: 'repo/push', secret: gitHub.secret! })]);
    const sent = { 'content-type': 'application/x-www-form-urlencoded' };
    const bodyOf = async (form: string, more: object = {}): Promise<unknown> => {
      const { status, answer } = await deliver(form, { ...sent, ...more } as never);
      expect(status).toBe(202);
      return ((await platform.execution(answer.execution_id as string))!.trigger as { body?: unknown }).body;
    };
    const payload = `payload=${encodeURIComponent(push)}`;
    expect(await bodyOf(payload)).toEqual(JSON.parse(push));
    expect(await bodyOf('payload=no+json')).toEqual({ payload: 'no json' });
    expect(await bodyOf('ref=x')).toEqual({ ref: 'x' });
    // The content type is not signed: what was sent as JSON is no other JSON when it is sent again as a form.
    const message = { ref: 'refs/heads/evil', message: `&${payload}&` };
    expect(await bodyOf(JSON.stringify(message))).toEqual(message);
    expect((await deliver(payload, { ...sent, signature: sign(push) } as never)).status).toBe(401);
  });

  it('with integers that a number cannot hold has their digits, as texts', async () => {
    await open([workflow('a', { webhook: 'repo/push', secret: gitHub.secret! })]);
    const bodyOf = async (text: string, more: object = {}): Promise<unknown> => {
      const { status, answer } = await deliver(text, more as never);
      expect(status).toBe(202);
      return ((await platform.execution(answer.execution_id as string))!.trigger as { body?: unknown }).body;
    };
    const text = '{"a":[9007199254740993,-12345678901234567890],"b":9007199254740992,"c":1.5e300,"d":123}';
    const read = { a: ['9007199254740993', '-12345678901234567890'], b: 2 ** 53, c: 1.5e300, d: 123 };
    expect(await bodyOf(text)).toEqual(read);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await bodyOf(`payload=${encodeURIComponent(text)}`, form)).toEqual(read);
    expect(await bodyOf('{"a":"9007199254740993"}')).toEqual({ a: '9007199254740993' });
    expect(await bodyOf('0.12345678901234567890')).toBe(0.12345678901234568);
  });

  it('needs no key, and leaves nothing of its signature in the history', async () => {
    await open([workflow('a', gitHub)]);
    const signature = sign(push);
    const { answer } = await deliver(push, {
      signature,
      authorization: 'Bearer wrong',
      cookie: 'a=b',
      'x-forwarded-authorization': 'Basic a=b',
      'x-hook-password': 'a=b',
    } as never);
    const execution = await platform.wait(answer.execution_id as string);
    const trigger = execution.trigger as never as { headers: object };
    expect(trigger).toMatchObject({ type: 'webhook', event: 'push', path: 'repo/push' });
    expect(Object.keys(trigger.headers)).not.toContain('authorization');
    expect(JSON.stringify(trigger)).not.toContain(signature.slice(10));
    expect(JSON.stringify(trigger)).not.toContain('a=b');
  });

  it('with a wrong signature, another body or none starts nothing', async () => {
    await open([workflow('a', gitHub)]);
    for (const change of [
      { signature: sign(push, 'guess') },
      { signature: sign(`${push} `) },
      { signature: '' },
      { signature: sign(push).replace('sha256', 'sha1') },
    ]) {
      const { status, answer } = await deliver(push, change);
      expect(status).toBe(401);
      expect(answer).toMatchObject({ error: { code: 'WEBHOOK_SIGNATURE' } });
    }
    expect(await count('a')).toBe(0);
  });

  it('that comes again is answered with what it started, at the same time too', async () => {
    await open([workflow('a', gitHub), workflow('b', gitHub)]);
    const id = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(push, { id })));
    answers.push(await deliver(push, { id }));
    expect(new Set(answers.map(({ answer }) => answer.execution_id)).size).toBe(1);
    expect(
      answers.filter(({ answer }) => JSON.stringify(answer).includes('"created":true')).length,
    ).toBeLessThan(3);
    expect([await count('a'), await count('b')]).toEqual([1, 1]);
    const { answer } = await deliver(push, { id: crypto.randomUUID() });
    expect(answer.execution_id).not.toBe(answers[0]!.answer.execution_id);
  });

  it('that nobody wants is answered, and a ping too', async () => {
    await open([workflow('a', gitHub), workflow('b', { webhook: 'repo/push', secret: '${secrets.HOOK}' })]);
    const ping = JSON.stringify({ zen: 'Design for failure.', hook_id: 1 });
    expect(await deliver(ping, { event: 'ping' })).toEqual({
      status: 200,
      answer: { status: 'ignored', executions: [] },
    });
    const star = await deliver('{"action":"created"}', { event: 'star' });
    expect(star.answer.executions).toMatchObject([{ workflow_id: 'b' }]);
    const skip = await deliver('{"ref":"refs/heads/skip"}');
    expect(skip.answer.executions).toMatchObject([{ workflow_id: 'b' }]);
    expect(await count('a')).toBe(0);
  });

  it('starts those whose secret it is signed with, whatever others ask for', async () => {
    await open([
      workflow('a', gitHub),
      workflow('other', { webhook: 'repo/push', secret: 'another one' }),
      workflow('lost', { webhook: 'repo/push', secret: '${secrets.MISSING}' }),
      workflow('open', { webhook: 'repo/push', signature: 'none' }),
    ]);
    const right = await deliver(push);
    expect(right.answer.executions).toMatchObject([{ workflow_id: 'a' }, { workflow_id: 'open' }]);
    const wrong = await deliver(push, { signature: sign(push, 'guess') });
    expect(wrong.answer.executions).toMatchObject([{ workflow_id: 'open' }]);
  });

  it('has its id and kind in headers of GitHub and nowhere else', async () => {
    await open([workflow('a', gitHub)]);
    const id = crypto.randomUUID();
    const first = await deliver(push, { id });
    const more = { 'webhook-id': 'other', 'idempotency-key': 'other', 'x-event': 'star' } as never;
    const copy = await deliver(push, { id, ...(more as object) });
    expect(copy.answer.execution_id).toBe(first.answer.execution_id);
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': sign(push),
      'x-event': 'push',
    };
    expect((await post('repo/push', { body: push, headers })).status).toBe(200);
    expect(await count('a')).toBe(1);
  });

  it.each<[string, string, Parameters<typeof deliver>[1], number, string]>([
    ['no JSON', '{', {}, 400, 'WEBHOOK_BODY'],
    ['a wrong parameter', '{"ref":1}', {}, 422, 'PARAMETERS_INVALID'],
    ['nothing that its expressions read', '{}', {}, 422, 'EXPRESSION_ERROR'],
    ['an unknown path', push, { path: 'repo' }, 404, 'WEBHOOK_NOT_FOUND'],
    ['a path that cannot be read', push, { path: '%zz' }, 404, 'WEBHOOK_NOT_FOUND'],
    ['a path that leads out', push, { path: '..%2f..%2fapi' }, 404, 'WEBHOOK_NOT_FOUND'],
    ['a body that is too large', `"${'x'.repeat(3_000_000)}"`, {}, 413, 'BODY_TOO_LARGE'],
    ['a compressed body', push, { 'content-encoding': 'gzip' } as never, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['a page behind it', push, { origin: 'https://evil.example' } as never, 403, 'ORIGIN_REFUSED'],
  ])('with %s is refused', async (_name, body, options, status, code) => {
    await open([workflow('a', gitHub)]);
    expect(await deliver(body, options)).toMatchObject({ status, answer: { error: { code } } });
    expect(await count('a')).toBe(0);
  });
});

describe('Standard Webhooks', () => {
  const trigger: WebhookTrigger = { webhook: 'std', secret: '${secrets.STANDARD}', events: ['user.created'] };
  const body = JSON.stringify({ type: 'user.created', timestamp: '2026-01-01T00:00:00Z', data: { id: 1 } });

  function headersFor(id: string, sent: number, text = body): Record<string, string> {
    const signature = createHmac('sha256', 'a secret of Standard Webhooks').update(`${id}.${sent}.${text}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(sent),
      'webhook-signature': `v1,${signature.digest('base64')}`,
      'content-type': 'application/json',
    };
  }
  async function send(headers: Record<string, string>, text = body): Promise<number> {
    const init = { method: 'POST', headers, body: text };
    return (await post('std/', init)).status;
  }

  it('are checked, once for each id, and only as long as they are fresh', async () => {
    await open([workflow('a', trigger)]);
    const now = Math.floor(Date.now() / 1000);
    expect(await send(headersFor('msg_1', now))).toBe(202);
    expect(await send(headersFor('msg_1', now))).toBe(202);
    expect(await count('a')).toBe(1);
    expect(await send(headersFor('msg_2', now - 400))).toBe(401);
    expect(await send({ ...headersFor('msg_3', now), 'webhook-id': 'msg_4' })).toBe(401);
    expect(await send(headersFor('msg_5', now), `${body} `)).toBe(401);
    expect(await count('a')).toBe(1);
  });

  const now = Math.floor(Date.now() / 1000);
  const strange = fc.dictionary(
    fc.constantFrom('x-github-delivery', 'x-github-event', 'x-event', 'idempotency-key', 'content-type'),
    fc.constantFrom('ping', 'user.created', 'other', 'text/plain', 'application/x-www-form-urlencoded'),
  );

  it('are known by what is signed, whatever headers a copy has besides', async () => {
    await open([workflow('a', trigger)]);
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(strange, { minLength: 2, maxLength: 4 }), async (copies) => {
        const id = `msg_${++sent}`;
        const started = new Set<unknown>();
        for (const more of copies) {
          const init = { body, headers: { ...headersFor(id, now), ...more } };
          const answer = (await (await post('std', init)).json()) as Record<string, unknown>;
          started.add(answer.execution_id);
          const execution = await platform.wait(answer.execution_id as string);
          expect(execution.trigger).toMatchObject({
            ...{ event: 'user.created', delivery: id, body: JSON.parse(body) },
          });
        }
        expect(started.size).toBe(1);
      }),
      { numRuns: 50 },
    );
    expect(await count('a')).toBe(sent);
  });

  it('of another type are made this one by no header, and not by being read as a form', async () => {
    await open([workflow('a', trigger)]);
    const other = JSON.stringify({ type: 'user.deleted', data: { note: '&type=user.created&' } });
    await fc.assert(
      fc.asyncProperty(strange, async (more) => {
        expect(await send({ ...headersFor('msg_1', now, other), ...more }, other)).toBe(200);
      }),
      { numRuns: 50 },
    );
    const form = 'note=1&type=user.created';
    const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send({ ...headersFor('msg_2', now, form), ...asForm }, form)).toBe(200);
    expect(await count('a')).toBe(0);
  });

  it('are begun though somebody has sent their id without a signature before', async () => {
    await open([workflow('a', trigger, { webhook: 'std', signature: 'none', events: ['hello'] })]);
    const unsigned = { 'content-type': 'application/json', 'x-event': 'hello', 'webhook-id': 'msg_1' };
    expect(await send(unsigned)).toBe(202);
    expect(await send(headersFor('msg_1', now))).toBe(202);
    expect(await count('a')).toBe(2);
  });

  it('have the key that they have always had, as what is not signed has where nothing clashes with it', async () => {
    const none: WebhookTrigger = { webhook: 'std', signature: 'none' };
    await open([workflow('a', trigger), workflow('b', none), workflow('c', trigger, none)]);
    const keyed = (id: string): Promise<unknown> =>
      platform.start(id, {}, { idempotencyKey: 'webhook:std:msg_1' });
    for (const id of ['a', 'b', 'c']) await keyed(id);
    expect(await send(headersFor('msg_1', now))).toBe(202);
    expect(await Promise.all(['a', 'b', 'c'].map(count))).toEqual([1, 1, 1]);
    expect(await send({ 'webhook-id': 'msg_1' })).toBe(202);
    expect(await Promise.all(['a', 'b', 'c'].map(count))).toEqual([1, 1, 2]);
  });

  it('may share their path with other schemes: each trigger reads what is its own', async () => {
    const output = '${[trigger.?event.orValue("none"), trigger.?delivery.orValue("none")]}';
    const named = { webhook: 'std', secret: '${secrets.HOOK}', signature: 'X-Signature' };
    const schemes: [string, WebhookTrigger][] = [
      ['named', named],
      ['open', { webhook: 'std', signature: 'none' }],
      ['git-hub', { webhook: 'std', secret: '${secrets.HOOK}' }],
      ['standard', { webhook: 'std', secret: '${secrets.STANDARD}' }],
    ];
    await open(schemes.map(([id, each]) => ({ ...workflow(id, each), output })));
    const outputs = async (more: Record<string, string>): Promise<unknown> => {
      const signed = { 'x-hub-signature-256': sign(body), 'x-signature': sign(body) };
      const init = { body, headers: { ...headersFor('msg_1', now), ...signed, ...more } };
      const { executions } = (await (await post('std', init)).json()) as WebhookAnswer;
      const ended = await Promise.all(executions.map(({ execution_id }) => platform.wait(execution_id)));
      return Object.fromEntries(ended.map(({ output }, n) => [executions[n]!.workflow_id, output]));
    };
    expect(await outputs({ 'x-event': 'push' })).toEqual({
      ...{ named: ['push', 'msg_1'], open: ['push', 'msg_1'], 'git-hub': ['none', 'none'] },
      standard: ['user.created', 'msg_1'],
    });
    const gitHubToo = { 'x-github-event': 'star', 'x-github-delivery': '1' };
    expect(await outputs({ 'x-event': 'push', ...gitHubToo })).toEqual({
      ...{ named: ['star', '1'], open: ['star', '1'], 'git-hub': ['star', '1'] },
      standard: ['user.created', 'msg_1'],
    });
    // GitHub's ping is one for those that read its headers.
    expect(await outputs({ ...gitHubToo, 'x-github-event': 'ping' })).toEqual({
      standard: ['user.created', 'msg_1'],
    });
    expect(await Promise.all(['named', 'open', 'git-hub', 'standard'].map(count))).toEqual([2, 2, 2, 1]);
  });
});

describe('a delivery without an id that fails half-way', () => {
  const documents = ['a', 'b', 'c'].map((id) => workflow(id, { webhook: 'all', signature: 'none' }));

  /** Storage that stands for what outlives a process; it can lose the connection after some creations. */
  function store(): { options: () => PlatformOptions; failAfter(creations: number): void } {
    const storage = createMemoryStorage();
    let left = Number.POSITIVE_INFINITY;
    const { append } = storage.executions;
    storage.executions.append = async (change) => {
      if (change.expected_seq === 0 && left-- <= 0) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
      return append.call(storage.executions, change);
    };
    return {
      // What a process closes stays open for the next one.
      options: () => ({ storage: { ...storage, close: async () => undefined } }),
      failAfter(creations) {
        left = creations;
      },
    };
  }

  const send = async (body: string): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body };
    return (await post('all', init)).status;
  };
  const counts = (): Promise<number[]> => Promise.all(['a', 'b', 'c'].map(count));

  it.each([0, 1, 2])('after %s of three is completed when it is sent again', async (done) => {
    const { options, failAfter } = store();
    await open(documents, options());
    failAfter(done);
    expect(await send('{"n":1}')).toBe(503);
    failAfter(Number.POSITIVE_INFINITY);
    expect(await counts()).toEqual([0, 1, 2].map((n) => (n < done ? 1 : 0)));
    expect(await send('{"n":1}')).toBe(202);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('is completed by another process too', async () => {
    const { options, failAfter } = store();
    let now = Date.parse('2026-01-01T00:00:00Z');
    const clock = { now: () => now, setTimer: () => () => undefined };
    await open(documents, { ...options(), clock });
    failAfter(1);
    expect(await send('{}')).toBe(503);
    failAfter(Number.POSITIVE_INFINITY);
    await platform.close();
    now += 60_000;
    await open(documents, { ...options(), clock });
    expect(await send('{}')).toBe(202);
    expect(await counts()).toEqual([1, 1, 1]);
    expect(await send('{}')).toBe(202);
    expect(await counts()).toEqual([2, 2, 2]);
  });

  it('whatever fails and comes again, each that was answered is carried out once by all, and no other twice', async () => {
    const plan = fc.array(
      fc.record({ body: fc.constantFrom('{}', '[]'), fails: fc.array(fc.nat({ max: 2 }), { maxLength: 2 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(plan, async (deliveries) => {
        const { options, failAfter } = store();
        await open(documents, options());
        for (const { body, fails } of deliveries) {
          for (const done of fails) {
            failAfter(done);
            expect([202, 503]).toContain(await send(body).then((status) => (status === 202 ? 503 : status)));
          }
          failAfter(Number.POSITIVE_INFINITY);
          expect(await send(body)).toBe(202);
        }
        const total = await counts();
        expect(new Set(total).size).toBe(1);
        expect(total[0]).toBeGreaterThanOrEqual(deliveries.length);
        // A try that needed no more than was left completed the delivery; the next one began another.
        const tries = deliveries.reduce((sum, { fails }) => sum + fails.length + 1, 0);
        expect(total[0]).toBeLessThanOrEqual(tries);
        await platform.close();
      }),
      { numRuns: 100 },
    );
  });

  it('is completed also where some of its triggers know it by an id', async () => {
    const { options, failAfter } = store();
    const github = ['b', 'c'].map((id) => workflow(id, { webhook: 'all', secret: '${secrets.HOOK}' }));
    await open([...github, documents[0]!], options());
    const headers = {
      ...{ 'content-type': 'application/json', 'x-hub-signature-256': sign('{}') },
      'idempotency-key': '1',
    };
    const again = async (): Promise<number> => (await post('all', { body: '{}', headers })).status;
    for (const done of [0, 1, 1]) {
      failAfter(done);
      expect(await again()).toBe(503);
    }
    failAfter(Number.POSITIVE_INFINITY);
    expect(await again()).toBe(202);
    expect(await counts()).toEqual([1, 1, 1]);
    expect(await again()).toBe(202);
    expect(await counts()).toEqual([1, 2, 2]);
  });

  it('the same at the same time is as often as it was sent', async () => {
    const { options } = store();
    await open(documents, options());
    const statuses = await Promise.all(Array.from({ length: 10 }, () => send('{}')));
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(await counts()).toEqual([10, 10, 10]);
  });

  it('is completed by one of two that come then, and the other is another one', async () => {
    const { options, failAfter } = store();
    await open(documents, options());
    failAfter(1);
    expect(await send('{}')).toBe(503);
    failAfter(Number.POSITIVE_INFINITY);
    expect(await Promise.all([send('{}'), send('{}')])).toEqual([202, 202]);
    expect(await counts()).toEqual([2, 2, 2]);
  });

  it('is not completed by what has another query', async () => {
    const { options, failAfter } = store();
    await open(documents, options());
    failAfter(1);
    expect(await send('{}')).toBe(503);
    failAfter(Number.POSITIVE_INFINITY);
    const init = { body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await post('all?n=2', init)).status).toBe(202);
    expect(await counts()).toEqual([2, 1, 1]);
    expect(await send('{}')).toBe(202);
    expect(await counts()).toEqual([2, 2, 2]);
  });

  it('starts a workflow once, also when several of its triggers want it', async () => {
    const trigger = { webhook: 'all', signature: 'none' };
    await open([workflow('a', trigger, { ...trigger, when: 'true' }), documents[1]!]);
    expect(await send('{}')).toBe(202);
    expect(await counts()).toEqual([1, 1, 0]);
  });

  it('one that a workflow skips, as too many run, is for the others', async () => {
    const skip = {
      ...workflow('b', { webhook: 'all', signature: 'none' }),
      concurrency: { key: 'k', policy: 'skip' as const },
    };
    skip.steps = [{ id: 'w', handler: 'core.wait', config: { signal: 'go' } }];
    await open([documents[0]!, skip, documents[2]!]);
    for (let n = 1; n <= 4; n++) {
      expect(await send('{}')).toBe(202);
      expect(await counts()).toEqual([n, 1, n]);
    }
  });
});

it('whoever tries signatures is slowed down', async () => {
  platform = await openPlatform({ secrets }, { VWMP_API_AUTH: 'keys', VWMP_API_RATE: '1' });
  await save(platform, workflow('a', gitHub));
  app = createHonoApp(platform);
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) statuses.push((await deliver(push, { signature: sign(push, `${n}`) })).status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect((await deliver(push)).status).toBe(202);
});

it('a store without room is told of, so that the delivery is sent again', async () => {
  await open([workflow('a', gitHub)]);
  platform.acceptWebhook = () => Promise.reject(new VwmpError('STORE_FULL', 'The disk is full.'));
  const { status, answer } = await deliver(push);
  expect([status, JSON.stringify(answer)]).toEqual([507, expect.stringContaining('STORE_FULL')]);
});

it('what nobody expected says nothing of itself', async () => {
  await open([workflow('a', gitHub)]);
  platform.acceptWebhook = () => Promise.reject(new Error('/home/secret/path'));
  const { status, answer } = await deliver(push);
  expect(status).toBe(500);
  expect(JSON.stringify(answer)).not.toContain('secret');
});

it('every status of the OpenAPI document was met', () => {
  const { responses } = openApiDocument().paths['/webhooks/{path}']!.post as { responses: object };
  expect([...met].sort((a, b) => a - b)).toEqual(Object.keys(responses).map(Number));
});
