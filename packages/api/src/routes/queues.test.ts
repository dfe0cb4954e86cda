// A pause makes a queue, so that a mistyped name must not be one; one that has yet to get its first task can be held up before.
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createHarness, type Harness } from '../testing/harness.ts';

let platform: Platform;
let api: Harness;

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_UNIFIED_WORKER: 'false', VWMP_WORKER_QUEUES: 'executions,mails' });
  api = createHarness(platform);
  for (const [id, text] of [
    ['yaml', 'id: yaml\nname: Yaml\nsteps:\n  - {id: a, handler: core.set, queue: "gpu.large"}\n'],
    ['json', '{"id": "json", "name": "J", "steps": [{"id": "a", "handler": "core.set", "queue" : "gpu"}]}'],
    [
      'escaped',
      '{"id": "escaped", "name": "E", "steps": [{"id": "a", "handler": "core.set", "queue": "m\\u0061ps"}]}',
    ],
    ['tagged', 'id: tagged\nname: T\nsteps: [{id: a, handler: core.set, queue: !!str tagged.q}]\n'],
    ['key', 'id: key\nname: K\nsteps: [{id: a, handler: core.set, ? "queue" : strange-key}]\n'],
    [
      'anchors',
      'id: anchors\nname: &q anchored\nsteps:\n  - &s {id: a, handler: core.set, queue: *q}\n  - {<<: *s, id: b}\n',
    ],
    // Nothing of it is the queue of a step.
    [
      'others',
      `id: others\nname: O\n# queue: commented\ndescription: |\n  queue: described\nsteps: [{id: a, handler: core.set, config: {value: {queue: configured}}}]\n`,
    ],
    ['broken', 'id: broken\nname: [\nqueue: unreadable\n'],
  ] as const)
    await platform.workflows.save({ id, name: id, type: 'generic', version: '0.1.0', text }, undefined);
});
afterAll(() => platform.close());

const act = (path: string) => api.send({ method: 'POST', path: `/api/vwmp/queues/${path}` });
const names = async () =>
  (await api.send({ path: '/api/vwmp/queues/' })).body.results.map(({ name }: { name: string }) => name);

it.each([
  ...['executoins', 'gp', 'large', 'gpuXlarge', 'a'],
  ...['commented', 'described', 'configured', 'unreadable', 'others'],
])('%s is no queue', async (name) => {
  const before = await names();
  for (const verb of ['pause', 'resume', 'pause/?force=false']) {
    const { status, body } = await act(`${name}/${verb.includes('?') ? verb : `${verb}/`}`);
    expect({ status, code: body.error.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(body.error.message).toContain(`There is no queue "${name}". These are there: executions`);
  }
  for (const path of ['', 'dead/'])
    expect(await api.send({ path: `/api/vwmp/queues/${name}/${path}` })).toMatchObject({ status: 404 });
  expect(await names()).toEqual(before);
});

it.each([...['executions', 'mails', 'gpu.large', 'gpu'], ...['maps', 'tagged.q', 'strange-key', 'anchored']])(
  '%s is read and paused before its first task',
  async (name) => {
    expect(await api.send({ path: `/api/vwmp/queues/${name}/` })).toMatchObject({
      ...{ status: 200, body: { name, waiting: 0 } },
    });
    expect(await act(`${name}/pause/`)).toMatchObject({ status: 200, body: { name, paused: true } });
    expect(await act(`${name}/resume/`)).toMatchObject({ status: 200, body: { name, paused: false } });
  },
);

it('one that nothing knows is paused when that is forced, and is there from then on', async () => {
  expect(await act('later/pause/?force=true')).toMatchObject({ status: 200, body: { paused: true } });
  expect(await names()).toContain('later');
  expect(await act('later/resume/')).toMatchObject({ status: 200, body: { paused: false } });
});
