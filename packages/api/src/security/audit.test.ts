import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VwmpApp } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import { basePath, type OperationName, operations } from '../contract/operations.ts';
import { openPlatform } from '../live/testing/platform.ts';
import { bury, createWorld, documents, startWaiting, type World } from '../testing/world.ts';
import { createApiKey } from './api-key.ts';

let platform: Platform;
let world: World;
let app: VwmpApp;
let key: string;
let keyId: string;

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_AUTH: 'keys' });
  world = await createWorld(platform);
  app = createHonoApp(platform);
  const { text, record } = createApiKey({
    name: 'boss',
    role: 'admin',
    created_at: new Date().toISOString(),
  });
  await platform.storage.keys.add(record);
  [key, keyId] = [text, record.id];
});
afterAll(() => platform.close());

/** What is sent to each operation that changes or decides something, and what the audit log says then. */
const changes: Partial<
  Record<OperationName, () => Promise<[path: string, body: unknown, action: string, subject?: string]>>
> = {
  createWorkflow: async () => ['/workflows/', { ...documents.hello, id: 'new' }, 'workflow.created', 'new'],
  replaceWorkflow: async () => [
    '/workflows/new/',
    { ...documents.hello, id: 'new', description: 'Other.' },
    'workflow.saved',
    'new',
  ],
  deleteWorkflow: async () => ['/workflows/new/', undefined, 'workflow.deleted', 'new'],
  executeWorkflow: async () => ['/workflows/hello/execute/', {}, 'execution.started'],
  startExecution: async () => ['/executions/', { workflow: 'hello' }, 'execution.started'],
  cancelExecution: async () => {
    const id = await startWaiting(platform, 'waits');
    return [`/executions/${id}/cancel/`, {}, 'execution.cancelled', id];
  },
  retryExecution: async () => [`/executions/${world.failed}/retry/`, {}, 'execution.retried', world.failed],
  sendSignal: async () => [
    `/executions/${world.waiting}/signals/go/`,
    {},
    'execution.signalled',
    world.waiting,
  ],
  decideApproval: async () => [
    `/executions/${world.asking}/approvals/ask/`,
    { approved: true, values: { stars: 3 } },
    'approval.decided',
    world.asking,
  ],
  pauseQueue: async () => ['/queues/mails/pause/', undefined, 'queue.paused', 'mails'],
  resumeQueue: async () => ['/queues/mails/resume/', undefined, 'queue.resumed', 'mails'],
  retryDeadLetter: async () => [`/queues/mails/dead/${world.dead}/retry/`, undefined, 'queue.retried'],
  discardDeadLetter: async () => [
    `/queues/mails/dead/${await bury(platform)}/`,
    undefined,
    'queue.discarded',
    'mails',
  ],
  createKey: async () => ['/keys/', { name: 'new', role: 'viewer' }, 'key.created'],
  revokeKey: async () => {
    const { record } = createApiKey({ name: 'old', role: 'viewer', created_at: new Date().toISOString() });
    await platform.storage.keys.add(record);
    return [`/keys/${record.id}/revoke/`, undefined, 'key.revoked', record.id];
  },
  updateSchedule: async () => [
    `/schedules/${world.schedule}/`,
    { paused: true },
    'schedule.paused',
    world.schedule,
  ],
  deleteSchedule: async () => [
    `/schedules/${world.schedule}/`,
    undefined,
    'schedule.deleted',
    world.schedule,
  ],
};

test('everything that changes or decides something is in the list', () => {
  const names = (Object.keys(operations) as OperationName[]).filter(
    (name) => !operations[name].startsWith('GET'),
  );
  // Checking a document saves nothing.
  expect(names.filter((name) => name !== 'validateWorkflow').sort()).toEqual(Object.keys(changes).sort());
});

test.each(Object.keys(changes) as OperationName[])(
  '%s is in the audit log, with who did it',
  async (name) => {
    const [path, body, action, subject] = await changes[name]!();
    const [method = ''] = operations[name].split(' ');
    const response = await app.request(`${basePath}${path}`, {
      method,
      headers: { host: 'localhost', authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expect({ status: response.status, text: await response.text() }).toMatchObject({
      status: expect.toSatisfy((status: number) => status < 300),
    });
    const [last] = (await platform.storage.audit.list({ limit: 1 })).results;
    expect(last).toMatchObject({ actor: 'boss', action, details: { key: keyId } });
    if (subject !== undefined) expect(last?.subject).toBe(subject);
    expect(JSON.stringify(last)).not.toContain(key);
  },
);
