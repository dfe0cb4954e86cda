import type { WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OperationName, operations, splitOperation } from '../contract/index.ts';
import { openPlatform } from '../live/testing/platform.ts';
import { errorsOf, openApiDocument } from '../openapi/document.ts';
import { routes } from '../routes/index.ts';
import { createApiKey } from '../security/api-key.ts';
import type { Principal } from '../security/authenticate.ts';
import { roles } from '../security/roles.ts';
import { createHarness, type Harness, type Sent } from '../testing/harness.ts';
import { bury, createWorld, documents, startWaiting, type World } from '../testing/world.ts';
import type { AppOptions } from './app.ts';
import { refuse } from './error-answer.ts';
import { createGate, type Gate } from './gate.ts';
import type { Route } from './route.ts';
import { statuses } from './statuses.ts';

/** What is sent to get each status, beside those that every operation has. The first one is answered without an error. */
type Case = [status: number, sent: (world: World) => Omit<Sent, 'method'> | Promise<Omit<Sent, 'method'>>];

const at = (path: string): string => `/api/vwmp${path}`;
const none = 'none-0000';
const valid = { ...documents.hello, id: 'other', name: 'Other' };
const invalid = { name: 'Bad', steps: [{ id: 'a', handler: 'core.sett' }] };
const tooOld = { 'if-match': '"0-none"' };
let fresh = 0;

const cases: Readonly<Record<OperationName, Case[]>> = {
  listWorkflows: [[200, () => ({ path: at('/workflows/?q=hello&limit=2') })]],
  createWorkflow: [
    [201, () => ({ path: at('/workflows/'), body: { ...valid, id: `new-${++fresh}` } })],
    [409, () => ({ path: at('/workflows/'), body: documents.hello })],
    [422, () => ({ path: at('/workflows/'), body: invalid })],
  ],
  validateWorkflow: [[200, () => ({ path: at('/workflows/validate/'), body: invalid })]],
  readWorkflow: [
    [200, () => ({ path: at('/workflows/hello/') })],
    [304, () => ({ path: at('/workflows/hello/'), headers: { 'if-none-match': '*' } })],
    [404, () => ({ path: at(`/workflows/${none}/`) })],
  ],
  replaceWorkflow: [
    [200, () => ({ path: at('/workflows/fails/'), body: documents.fails })],
    [
      201,
      () => {
        const id = `new-${++fresh}`;
        const headers = { 'if-none-match': '*' };
        return { path: at(`/workflows/${id}/`), body: { ...valid, id }, headers };
      },
    ],
    [404, () => ({ path: at(`/workflows/${none}/`), body: valid })],
    [
      412,
      () => ({ path: at('/workflows/fails/'), body: { ...documents.fails, name: 'Old' }, headers: tooOld }),
    ],
    [422, () => ({ path: at('/workflows/fails/'), body: valid })],
  ],
  deleteWorkflow: [
    [
      204,
      async ({ platform }) => {
        const id = `gone-${++fresh}`;
        const draft = { id, name: id, type: 'generic', version: '0.1.0', text: JSON.stringify(valid) };
        await platform.workflows.save(draft, undefined);
        return { path: at(`/workflows/${id}/`) };
      },
    ],
    [404, () => ({ path: at(`/workflows/${none}/`) })],
    [409, () => ({ path: at('/workflows/waits/') })],
    [412, () => ({ path: at('/workflows/waits/'), headers: tooOld })],
  ],
  listVersions: [
    [200, () => ({ path: at('/workflows/hello/versions/') })],
    [404, () => ({ path: at(`/workflows/${none}/versions/`) })],
  ],
  readVersion: [
    [
      200,
      async ({ platform }) => ({
        path: at(`/workflows/hello/versions/${(await platform.workflows.get('hello'))!.rev}/`),
      }),
    ],
    [404, () => ({ path: at('/workflows/hello/versions/9-none/') })],
  ],
  executeWorkflow: [
    [202, () => ({ path: at('/workflows/hello/execute/'), body: { parameters: { who: 'Ana' } } })],
    [200, () => ({ path: at('/workflows/hello/execute/?wait=1m') })],
    [404, () => ({ path: at(`/workflows/${none}/execute/`) })],
    [
      409,
      async ({ platform }) => {
        const document = { ...documents.waits, id: 'alone', concurrency: { key: 'one', policy: 'skip' } };
        const draft = {
          id: 'alone',
          name: 'x',
          type: 'generic',
          version: '0.1.0',
          text: JSON.stringify(document),
        };
        if (!(await platform.workflows.get('alone'))) {
          await platform.workflows.save(draft, undefined);
          await startWaiting(platform, 'alone');
        }
        return { path: at('/workflows/alone/execute/') };
      },
    ],
    [422, () => ({ path: at('/workflows/hello/execute/'), body: { parameters: { nobody: 1 } } })],
  ],
  startExecution: [
    [202, () => ({ path: at('/executions/'), body: { workflow: 'hello' } })],
    [200, () => ({ path: at('/executions/?wait=1m'), body: { workflow: documents.hello } })],
    [404, () => ({ path: at('/executions/'), body: { workflow: none } })],
    [
      409,
      () => ({
        path: at('/executions/'),
        body: { workflow: { ...documents.waits, id: 'alone', concurrency: { key: 'one', policy: 'skip' } } },
      }),
    ],
    [422, () => ({ path: at('/executions/'), body: { workflow: invalid } })],
    [
      422,
      () => ({
        path: at('/executions/'),
        body: { workflow: { ...documents.waits, id: 'keyed', concurrency: { key: '${trigger.none}' } } },
      }),
    ],
  ],
  listExecutions: [[200, () => ({ path: at('/executions/?status=success,failed&limit=2') })]],
  readExecution: [
    [200, ({ failed }) => ({ path: at(`/executions/${failed}/`) })],
    [404, () => ({ path: at(`/executions/${none}/`) })],
  ],
  readExecutionDocument: [
    [200, ({ failed }) => ({ path: at(`/executions/${failed}/document/`) })],
    [404, () => ({ path: at(`/executions/${none}/document/`) })],
  ],
  cancelExecution: [
    [
      202,
      async ({ platform }) => ({
        path: at(`/executions/${await startWaiting(platform, 'waits')}/cancel/`),
        body: { reason: 'No more.' },
      }),
    ],
    [404, () => ({ path: at(`/executions/${none}/cancel/`) })],
    [409, ({ done }) => ({ path: at(`/executions/${done}/cancel/`) })],
  ],
  retryExecution: [
    [202, ({ failed }) => ({ path: at(`/executions/${failed}/retry/`), body: { from: 'before' } })],
    [404, () => ({ path: at(`/executions/${none}/retry/`) })],
    [409, ({ waiting }) => ({ path: at(`/executions/${waiting}/retry/`) })],
    [422, ({ failed }) => ({ path: at(`/executions/${failed}/retry/`), body: { workflow: invalid } })],
    [
      409,
      async ({ platform, failed }) => {
        const concurrency = { key: 'again', policy: 'skip' as const };
        await platform.start(
          { ...documents.waits, id: 'fails', name: 'Fails', concurrency } as WorkflowDocument,
          {},
        );
        return {
          path: at(`/executions/${failed}/retry/`),
          body: { workflow: { ...documents.fails, concurrency } },
        };
      },
    ],
  ],
  sendSignal: [
    [
      202,
      async ({ platform }) => ({
        path: at(`/executions/${await startWaiting(platform, 'waits')}/signals/go/`),
        body: { payload: { a: [1] } },
      }),
    ],
    [404, () => ({ path: at(`/executions/${none}/signals/go/`) })],
    [409, ({ done }) => ({ path: at(`/executions/${done}/signals/go/`) })],
  ],
  listExecutionApprovals: [
    [200, ({ asking }) => ({ path: at(`/executions/${asking}/approvals/`) })],
    [404, () => ({ path: at(`/executions/${none}/approvals/`) })],
  ],
  readApproval: [
    [200, ({ asking }) => ({ path: at(`/executions/${asking}/approvals/ask/`) })],
    [404, () => ({ path: at(`/executions/${none}/approvals/ask/`) })],
    [409, ({ done }) => ({ path: at(`/executions/${done}/approvals/greet/`) })],
  ],
  decideApproval: [
    [
      202,
      async ({ platform }) => ({
        path: at(`/executions/${await startWaiting(platform, 'asks')}/approvals/ask/`),
        body: { approved: true, values: { stars: 5 } },
      }),
    ],
    [404, () => ({ path: at(`/executions/${none}/approvals/ask/`), body: { approved: true } })],
    [409, ({ done }) => ({ path: at(`/executions/${done}/approvals/greet/`), body: { approved: true } })],
    [
      422,
      ({ asking }) => ({
        path: at(`/executions/${asking}/approvals/ask/`),
        body: { approved: true, values: { stars: 9 } },
      }),
    ],
  ],
  listEvents: [
    [200, ({ done }) => ({ path: at(`/executions/${done}/events/?after=1&limit=1`) })],
    [404, () => ({ path: at(`/executions/${none}/events/`) })],
  ],
  listLogs: [
    [200, ({ done }) => ({ path: at(`/executions/${done}/logs/?level=info,warn`) })],
    [404, () => ({ path: at(`/executions/${none}/logs/`) })],
  ],
  listApprovals: [[200, () => ({ path: at('/approvals/?workflow_id=asks') })]],
  listHandlers: [[200, () => ({ path: at('/step-handlers/?q=core&include=schemas') })]],
  readHandler: [
    [200, () => ({ path: at('/step-handlers/core.switch/') })],
    [404, () => ({ path: at('/step-handlers/core.none/') })],
  ],
  readHandlerSchema: [
    [200, () => ({ path: at('/step-handlers/core.approval/schema/') })],
    [404, () => ({ path: at('/step-handlers/core.none/schema/') })],
  ],
  listWorkflowTypes: [[200, () => ({ path: at('/workflow-types/') })]],
  readWorkflowType: [
    [200, () => ({ path: at('/workflow-types/generic/') })],
    [404, () => ({ path: at('/workflow-types/none/') })],
  ],
  listSecrets: [[200, () => ({ path: at('/secrets/') })]],
  listQueues: [[200, () => ({ path: at('/queues/') })]],
  readQueue: [
    [200, () => ({ path: at('/queues/mails/') })],
    [404, () => ({ path: at('/queues/no%20name/') })],
  ],
  pauseQueue: [
    [200, () => ({ path: at('/queues/mails/pause/') })],
    [404, () => ({ path: at('/queues/no%20name/pause/') })],
  ],
  resumeQueue: [
    [200, () => ({ path: at('/queues/mails/resume/') })],
    [404, () => ({ path: at('/queues/no%20name/resume/') })],
  ],
  listDeadLetters: [
    [200, () => ({ path: at('/queues/mails/dead/?limit=1') })],
    [404, () => ({ path: at('/queues/no%20name/dead/') })],
  ],
  discardDeadLetter: [
    [204, async ({ platform }) => ({ path: at(`/queues/mails/dead/${await bury(platform)}/`) })],
    [404, () => ({ path: at(`/queues/mails/dead/${none}/`) })],
  ],
  retryDeadLetter: [
    [200, ({ dead }) => ({ path: at(`/queues/mails/dead/${dead}/retry/`) })],
    [404, () => ({ path: at(`/queues/mails/dead/${none}/retry/`) })],
  ],
  listSchedules: [[200, () => ({ path: at('/schedules/?workflow_id=hello') })]],
  readSchedule: [
    [200, ({ schedule }) => ({ path: at(`/schedules/${schedule}/?count=3`) })],
    [404, () => ({ path: at(`/schedules/${none}/`) })],
  ],
  updateSchedule: [
    [200, ({ schedule }) => ({ path: at(`/schedules/${schedule}/`), body: { paused: true } })],
    [404, () => ({ path: at(`/schedules/${none}/`), body: { paused: true } })],
  ],
  deleteSchedule: [
    [204, ({ schedule }) => ({ path: at(`/schedules/${schedule}/`) })],
    [404, () => ({ path: at(`/schedules/${none}/`) })],
  ],
  listAudit: [[200, () => ({ path: at('/audit/?limit=1') })]],
  readCaller: [[200, () => ({ path: at('/me/') })]],
  listKeys: [[200, () => ({ path: at('/keys/?limit=1') })]],
  createKey: [[201, () => ({ path: at('/keys/'), body: { name: 'ci', role: 'executor', expires: '90d' } })]],
  revokeKey: [
    [200, async ({ platform }) => ({ path: at(`/keys/${await newKeyId(platform)}/revoke/`) })],
    [404, () => ({ path: at('/keys/nobody/revoke/') })],
  ],
};

async function newKeyId({ storage }: Platform): Promise<string> {
  const { record } = createApiKey({ name: 'gone', role: 'viewer', created_at: new Date().toISOString() });
  await storage.keys.add(record);
  return record.id;
}

const names = Object.keys(operations) as OperationName[];
const methodOf = (name: OperationName): string => splitOperation(name).method;
const seen = new Set<string>();
let platform: Platform;
let world: World;

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_RATE: 'off' });
});
beforeEach(async () => {
  if (world !== undefined) return;
  world = await createWorld(platform);
});
afterAll(() => platform.close());

async function send(harness: Harness, name: OperationName, sent: Omit<Sent, 'method'>, expected: number) {
  const answer = await harness.send({ method: methodOf(name), ...sent });
  expect({ name, text: answer.text.slice(0, 300), status: answer.status }).toMatchObject({
    status: expected,
  });
  for (const each of harness.seen) seen.add(each);
  if (expected >= 400) {
    const { error } = answer.body;
    expect(error.request_id).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(/node_modules|\.ts\b|at .*:\d+:\d+/);
  }
  return answer;
}

/** A request that is answered without an error, unless something is changed about it. */
async function good(name: OperationName): Promise<Omit<Sent, 'method'>> {
  const [, make] = cases[name][0]!;
  return make(world);
}

function withGate(change: Partial<Gate>, on = platform): Harness {
  return createHarness(on, { gate: { ...createGate(platform), ...change } });
}

function as(principal: Partial<Principal>): Partial<Gate> {
  const whole: Principal = { id: 'k', name: 'Ana', role: 'viewer', ...principal };
  return { authenticator: { ...createGate(platform).authenticator, authenticate: async () => whole } };
}

describe('each operation answers as its table says', () => {
  test.each(names.filter((name) => name !== 'deleteSchedule'))('%s', async (name) => {
    const harness = createHarness(platform);
    for (const [status, make] of cases[name]) {
      await send(harness, name, await make(world), status);
    }
  });
});

describe('each operation', () => {
  const everything = names.map((name) => [name, routes[name] as unknown as Route] as const);

  test.each(everything)('%s refuses a parameter that it does not have with 400', async (name) => {
    const { path, ...rest } = await good(name);
    const odd = `${path}${path.includes('?') ? '&' : '?'}nope=1`;
    const { body } = await send(createHarness(platform), name, { path: odd, ...rest }, 400);
    expect(body.error.details).toEqual([expect.objectContaining({ path: 'query.nope' })]);
  });

  test.each(everything)('%s wants a key: 401', async (name) => {
    const refused = async (): Promise<never> => {
      throw refuse('API_KEY_MISSING', 'An API key is needed.');
    };
    const authenticator = { ...createGate(platform).authenticator, authenticate: refused };
    const { headers } = await send(withGate({ authenticator }), name, await good(name), 401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each(everything)('%s is refused to pages of other sites: 403', async (name) => {
    const { headers, ...rest } = await good(name);
    const foreign = { ...rest, headers: { ...headers, origin: 'https://evil.example' } };
    const { body } = await send(createHarness(platform), name, foreign, 403);
    expect(body.error.code).toBe('ORIGIN_REFUSED');
  });

  test.each(everything.filter(([, { role }]) => role !== 'viewer'))(
    '%s wants a role: 403 for the one below',
    async (name, { role }) => {
      const below = roles[roles.indexOf(role) - 1]!;
      const { body } = await send(withGate(as({ role: below })), name, await good(name), 403);
      expect(body.error).toMatchObject({ code: 'FORBIDDEN', details: { role: below, needed: role } });
    },
  );

  test.each(everything)('%s is limited: 429', async (name) => {
    const limiter = { ...createGate(platform).limiter, take: () => ({ ok: false, retryAfter: 1.5 }) };
    const { headers } = await send(withGate({ limiter }), name, await good(name), 429);
    expect(headers.get('retry-after')).toBe('2');
  });

  test.each(everything.filter(([, { body }]) => body !== undefined))(
    '%s reads so much and not more: 413, 415, 400',
    async (name) => {
      const { path } = await good(name);
      const harness = createHarness(platform);
      const body = `{"a": "${'x'.repeat(2 * 1024 * 1024)}"}`;
      await send(harness, name, { path, body }, 413);
      await send(harness, name, { path, body: '<a/>', headers: { 'content-type': 'text/xml' } }, 415);
      await send(harness, name, { path, body: '{"a": ' }, 400);
    },
  );

  test.each(everything)('%s says nothing of what it does not expect: 500 and 503', async (name) => {
    const lines: unknown[] = [];
    const logger = { log: (...line: unknown[]) => void lines.push(line) };
    const sent = await good(name);
    const secret = 'password=hunter2 at /srv/vwmp/db.ts:1:2';
    const unknown = await send(broken(name, new Error(secret), logger), name, sent, 500);
    expect(unknown.text).not.toContain('hunter2');
    expect(JSON.stringify(lines)).toContain(unknown.body.error.request_id);
    expect(JSON.stringify(lines.splice(0))).toMatch(/answers\.test\.ts/);
    const away = broken(name, refuse('STORE_UNAVAILABLE', secret), logger);
    const unavailable = await send(away, name, sent, 503);
    // Where a known one comes from helps nobody, and would be written for each request of an outage.
    const known = expect.objectContaining({ code: 'STORE_UNAVAILABLE', error: secret }) as object;
    expect(lines).toEqual([['error', 'A request failed.', known]]);
    expect(unavailable.text).not.toContain('hunter2');
    expect(unavailable.headers.get('retry-after')).toBe('1');
  });

  test.each(everything)('%s answers what goes wrong further in as it says', async (name, route) => {
    const sent = await good(name);
    const { errors = [] } = route;
    const full = methodOf(name) === 'GET' ? [] : ['STORE_FULL'];
    // What is based on no certain rev is tried again when it meets another change.
    const given = errors.filter((code) => code !== 'REV_CONFLICT');
    for (const code of [...given, ...full, 'CLOSED']) {
      const { body } = await send(broken(name, refuse(code, 'No.')), name, sent, statuses[code]!);
      expect(body.error.code).toBe(code);
      expect(errorsOf(name, route).get(statuses[code]!)).toContain(code);
    }
  });
});

/** The API where an operation meets an error: in its platform, or at the gate if it needs nothing else. */
function broken(name: OperationName, error: Error, logger?: AppOptions['logger']): Harness {
  const authenticate = async (): Promise<never> => {
    throw error;
  };
  const authenticator = { ...createGate(platform).authenticator, authenticate };
  const gate = { ...createGate(platform), ...(name === 'readCaller' && { authenticator }) };
  return createHarness(breaking(platform, error), { gate, ...(logger && { logger }) });
}

/** A platform whose every method throws. */
function breaking(whole: Platform, error: Error): Platform {
  const broken = (target: object): unknown =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value === 'function')
          return () => {
            throw error;
          };
        return typeof value === 'object' && value !== null ? broken(value) : value;
      },
    });
  return new Proxy(whole, {
    get: (object, name) =>
      name === 'settings'
        ? object.settings
        : name in object && typeof Reflect.get(object, name) === 'function'
          ? () => {
              throw error;
            }
          : broken(Reflect.get(object, name) as object),
  });
}

test('deleteSchedule takes the trigger out of the document, and leaves the rest as it is', async () => {
  const harness = createHarness(platform);
  for (const [status, make] of cases.deleteSchedule)
    await send(harness, 'deleteSchedule', await make(world), status);
  const { text } = (await platform.workflows.get('hello'))!;
  expect(text).toMatch(/^# kept\n/);
  const { count } = await platform.schedules.list({ workflow_id: 'hello' });
  expect(count).toBe(1);
});

test('every status of the OpenAPI document was met', () => {
  const { paths } = openApiDocument();
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.keys(responses as object).map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
  // Those of webhooks and probes are met in their own tests.
  const own = documented.filter((each) => !/ \/(?:webhooks\/|healthz |readyz |metrics )/.test(each));
  expect(own.filter((each) => !seen.has(each))).toEqual([]);
});
