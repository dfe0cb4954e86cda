// Workflows that several people change at once.
import type { Platform } from '@vwmp/core/platform';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlatform, save } from '../live/testing/platform.ts';
import { type Answer, createHarness, type Harness } from '../testing/harness.ts';
import { documents } from '../testing/world.ts';

let platform: Platform;
let api: Harness;

beforeEach(async () => {
  platform = await openPlatform();
  api = createHarness(platform);
  await save(platform, documents.fails!);
});
afterEach(() => platform.close());

const path = '/api/vwmp/workflows/fails/';

const put = (name: string, headers: Record<string, string> = {}): Promise<Answer> =>
  api.send({ method: 'PUT', path, body: { ...documents.fails, name }, headers });
const remove = (headers: Record<string, string> = {}): Promise<Answer> =>
  api.send({ method: 'DELETE', path, headers });

/** Somebody else is faster: does this right before the next change is stored. */
function meanwhile(method: 'save' | 'remove', act: () => Promise<unknown>): void {
  const { workflows } = platform;
  const real = workflows[method].bind(workflows) as (...given: unknown[]) => Promise<never>;
  Object.assign(workflows, {
    async [method](...given: unknown[]) {
      Object.assign(workflows, { [method]: real });
      await act();
      return real(...given);
    },
  });
}

async function saveAs(name: string): Promise<void> {
  const { rev } = (await platform.workflows.get('fails'))!;
  const text = JSON.stringify({ ...documents.fails, name });
  await platform.workflows.save({ id: 'fails', name, type: 'generic', version: '0.1.0', text }, rev);
}

async function removeNow(): Promise<void> {
  await platform.workflows.remove('fails', (await platform.workflows.get('fails'))!.rev);
}

it('without If-Match the last one wins, however many come at once', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `Name ${n}`);
  const answers = await Promise.all(names.map((name) => put(name)));
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  expect((await platform.workflows.versions('fails')).count).toBe(21);
});

it.each([
  ['replaced', 'save', () => put('Mine'), 200],
  ['deleted', 'remove', () => remove(), 204],
] as const)(
  'without If-Match it is %s although it was saved meanwhile',
  async (_what, method, send, status) => {
    meanwhile(method, () => saveAs('Theirs'));
    expect((await send()).status).toBe(status);
    expect((await platform.workflows.get('fails'))?.name).toBe(status === 200 ? 'Mine' : undefined);
  },
);

it.each([
  ['replacing it', 'save', put.bind(undefined, 'Mine')],
  ['deleting it', 'remove', remove],
] as const)('with If-Match %s is refused when it was saved meanwhile', async (_what, method, send) => {
  const { rev } = (await platform.workflows.get('fails'))!;
  meanwhile(method, () => saveAs('Theirs'));
  const { status, body } = await send({ 'if-match': `"${rev}"` });
  expect([status, body.error.code]).toEqual([412, 'REV_CONFLICT']);
});

it.each([
  ['replacing it', 'save', put.bind(undefined, 'Mine')],
  ['deleting it', 'remove', remove],
] as const)('%s finds nothing when it was deleted meanwhile', async (_what, method, send) => {
  const any: Record<string, string>[] = [{}, { 'if-match': '*' }];
  for (const headers of any) {
    if (!(await platform.workflows.get('fails'))) await save(platform, documents.fails!);
    meanwhile(method, removeNow);
    const { status, body } = await send(headers);
    expect([status, body.error.code]).toEqual([404, 'WORKFLOW_NOT_FOUND']);
  }
});

it('a change that is sent again, as its answer was lost, is stored already', async () => {
  const { headers } = await api.send({ path });
  const ifMatch = { 'if-match': headers.get('etag')! };
  const first = await put('Mine', ifMatch);
  expect(first.status).toBe(200);
  const again = await put('Mine', ifMatch);
  expect([again.status, again.headers.get('etag')]).toEqual([200, first.headers.get('etag')]);
  expect((await put('Other', ifMatch)).status).toBe(412);
  const { body } = await api.send({ path: `${path}versions/` });
  expect(body.count).toBe(2);
});

it('the same change that is sent twice at once is stored once, and both are told so', async () => {
  const { headers } = await api.send({ path });
  const ifMatch = { 'if-match': headers.get('etag')! };
  meanwhile('save', () => put('Mine', ifMatch));
  expect((await put('Mine', ifMatch)).status).toBe(200);
  const { body } = await api.send({ path: `${path}versions/` });
  expect(body.count).toBe(2);
});

it('what it depends on is told beside the origin, not in place of it', async () => {
  const varies = async (app: Harness, accept: string): Promise<string | null> => {
    const { headers } = await app.send({ path, headers: { accept, origin: 'https://tools.example' } });
    return headers.get('vary');
  };
  const settings = {
    ...platform.settings,
    api: { ...platform.settings.api, origins: ['https://tools.example'] },
  };
  const open = createHarness({ ...platform, settings });
  expect(await varies(open, 'application/yaml')).toBe('Origin, Accept');
  expect(await varies(open, 'application/json')).toBe('Origin, Accept');
  const { headers } = await api.send({ path, headers: { 'if-none-match': '*' } });
  expect(headers.get('vary')).toBe('Accept');
});

it('with If-None-Match: * it is created, and nothing is replaced', async () => {
  const none = { 'if-none-match': '*' };
  const { id: _, ...nameless } = documents.fails!;
  const at = (id: string, headers = none): Promise<Answer> =>
    api.send({ method: 'PUT', path: `/api/vwmp/workflows/${id}/`, body: nameless, headers });
  expect((await at('fails')).body.error.code).toBe('REV_CONFLICT');
  const first = await at('mine');
  expect([first.status, first.body.id, first.headers.get('location')]).toEqual([
    ...[201, 'mine', '/api/vwmp/workflows/mine/'],
  ]);
  expect(first.body.text).toContain('id: mine');
  // The same again, too: it is not known whose the first one was.
  expect((await at('mine')).status).toBe(412);
  const tag = { 'if-none-match': first.headers.get('etag')! };
  expect((await at('mine', tag)).status).toBe(412);
  expect((await at('mine', { 'if-none-match': '"0-other"' })).status).toBe(200);
  expect((await at('nowhere', tag)).status).toBe(404);
  const other = await api.send({ method: 'PUT', path, body: { ...documents.fails, id: 'x' }, headers: none });
  expect(other.status).toBe(412);
  const wrong = '/api/vwmp/workflows/right/';
  const { status } = await api.send({ method: 'PUT', path: wrong, body: documents.fails, headers: none });
  expect(status).toBe(422);
  expect((await platform.workflows.list({})).results.map((each) => each.id)).toEqual(['fails', 'mine']);
});

it('is replaced unless it has an entity tag, also while somebody else saves it', async () => {
  await api.send({
    method: 'PUT',
    path: '/api/vwmp/workflows/busy/',
    headers: { 'if-none-match': '*' },
    body: { ...documents.fails, id: 'busy' },
  });
  const { workflows } = platform;
  let others = 3;
  const busy = createHarness({
    ...platform,
    workflows: {
      ...workflows,
      async save(...given) {
        if (others-- > 0) {
          const [draft, rev] = given;
          await workflows.save({ ...draft, text: draft.text.replace('Mine', `Other ${others}`) }, rev);
        }
        return workflows.save(...given);
      },
    },
  });
  const { status } = await busy.send({
    ...{ method: 'PUT', path: '/api/vwmp/workflows/busy/', headers: { 'if-none-match': '"0-other"' } },
    body: { ...documents.fails, id: 'busy', name: 'Mine' },
  });
  expect(status).toBe(200);
});

it('of those that create it at once, one does', async () => {
  const send = (name: string): Promise<Answer> =>
    api.send({
      ...{ method: 'PUT', path: '/api/vwmp/workflows/new/', headers: { 'if-none-match': '*' } },
      body: { ...documents.fails, id: 'new', name },
    });
  const answers = await Promise.all(['A', 'B', 'C'].map(send));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412]);
});
