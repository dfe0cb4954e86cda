import type { WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createApp } from './lazy-app.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.close());

const path = '/api/vwmp/workflows/shared/';
const headers = { 'content-type': 'application/json', host: 'localhost' };
const giving = (value: number): WorkflowDocument => ({
  ...{ id: 'shared', name: 'Shared', output: { value: '${steps.a.output}' } },
  steps: [{ id: 'a', handler: 'core.set', config: { value } }],
});

test('those who execute a workflow in one turn share a read of it, and see what was saved before they asked', async () => {
  const app = createApp(platform);
  const execute = async (): Promise<unknown> => {
    const answer = await app.request(`${path}execute/?wait=1m`, { method: 'POST', headers });
    return ((await answer.json()) as { output?: unknown }).output;
  };
  const body = JSON.stringify(giving(1));
  const created = await app.request('/api/vwmp/workflows/', { method: 'POST', headers, body });
  expect(await created.clone().json()).toMatchObject({ id: 'shared' });

  const read = vi.spyOn(platform.storage.workflows, 'get');
  const many = await Promise.all(Array.from({ length: 20 }, execute));
  expect(many).toEqual(Array.from({ length: 20 }, () => ({ value: 1 })));
  // The first request of all may have been a turn ahead.
  expect([1, 2]).toContain(read.mock.calls.length);
  read.mockRestore();

  const etag = created.headers.get('etag') ?? '';
  const replaced = await app.request(path, {
    method: 'PUT',
    headers: { ...headers, 'if-match': etag },
    body: JSON.stringify(giving(2)),
  });
  expect(replaced.status).toBe(200);
  expect(await execute()).toEqual({ value: 2 });
});

test('a record that is given to a start counts only for the workflow that it is of', async () => {
  const { execution_id } = await platform.start('shared', {}, { record: { id: 'other', text: 'nothing' } });
  expect((await platform.wait(execution_id)).output).toEqual({ value: 2 });
  const given = { id: 'shared', text: JSON.stringify(giving(3)) };
  const { execution_id: second } = await platform.start('shared', {}, { record: given });
  expect((await platform.wait(second)).output).toEqual({ value: 3 });
});
