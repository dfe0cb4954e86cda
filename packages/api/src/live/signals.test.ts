import type { StoredEvent, WorkflowDocument } from '@vwmp/core';
import { createMemoryEventBus, createMemoryStorage } from '@vwmp/core/memory';
import { createPlatform, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { afterEach, expect, it, vi } from 'vitest';

const secret = 'hunter2';
let storage = createMemoryStorage();
let bus = createMemoryEventBus();
const platforms: Platform[] = [];

afterEach(async () => {
  for (const platform of platforms.splice(0)) await platform.close();
  storage = createMemoryStorage();
  bus = createMemoryEventBus();
});

async function open(worker: boolean): Promise<Platform> {
  const { settings } = readSettings(
    {
      VWMP_DATABASE_BACKEND: 'memory',
      VWMP_ENCRYPTION_KEY: 'k'.repeat(32),
      VWMP_LOG_LEVEL: 'error',
      VWMP_IN_PROCESS_WORKER: String(worker),
    },
    { cwd: '/nowhere', envFile: false },
  );
  // It outlives whoever uses it.
  const kept = { ...storage, close: async () => {} };
  const options = { storage: kept, queue: createMemoryQueue(), bus: { ...bus, close: async () => {} } };
  const platform = await createPlatform(settings, options);
  await platform.open();
  platforms.push(platform);
  return platform;
}

const document: WorkflowDocument = {
  name: 'W',
  parameters: [{ name: 's', type: 'secret' }],
  steps: [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }],
};

const text = JSON.stringify(document);
const draft = { id: 'w', name: 'W', type: 'generic', version: '0.1.0', text };

async function taken(id: string): Promise<(StoredEvent & { event: 'signal_received' })[]> {
  const events: (StoredEvent & { event: 'signal_received' })[] = [];
  for await (const event of storage.executions.events(id))
    if (event.event === 'signal_received') events.push(event as never);
  return events;
}

it('one that is sent again with its key while the first waits is the same message', async () => {
  const front = await open(false);
  await front.workflows.save(draft, undefined);
  const { execution_id: id } = await front.start('w', { s: secret });
  const { executions } = storage;
  const send = (key: string) => front.signal(id, `to-${secret}`, secret, { idempotencyKey: key });
  for (let time = 0; time < 4; time++) await send(`${secret}-1`);
  await send(`${secret}-2`);
  const messages = await executions.messages(id);
  expect(messages).toHaveLength(2);
  expect(JSON.stringify(messages)).not.toContain(secret);
  // Also where no other one has room any more.
  for (let count = messages.length; count < 10_000; count++)
    await executions.post({
      id: `m${count}`,
      execution_id: id,
      body: { type: 'cancel', gentle: true, reason: '' },
    });
  await send(`${secret}-1`);
  await expect(send(`${secret}-3`)).rejects.toMatchObject({ code: 'INBOX_FULL' });
});

it('one that is sent again with its key after it was handled is neither taken in nor left lying', async () => {
  const worker = await open(true);
  const front = await open(false);
  await worker.workflows.save(draft, undefined);
  const { execution_id: id } = await worker.start('w', { s: secret });
  await vi.waitFor(async () => expect((await worker.execution(id))?.steps.a?.status).toBe('waiting'));
  const { executions } = storage;
  for (let time = 0; time < 3; time++) {
    await front.signal(id, 'other', time, { idempotencyKey: secret });
    await vi.waitFor(async () => expect(await executions.messages(id)).toEqual([]), { timeout: 20_000 });
    // Worked on where it is sent, too.
    await worker.signal(id, 'other', time, { idempotencyKey: secret });
  }
  const [first, ...others] = await taken(id);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ signal: 'other', payload: 0 });
  expect(JSON.stringify(first)).not.toContain(secret);
  await worker.signal(id, 'go');
  await worker.wait(id);
  // It was accepted before the end.
  await front.signal(id, 'other', null, { idempotencyKey: secret });
  await expect(front.signal(id, 'other', null, { idempotencyKey: 'new' })).rejects.toMatchObject({
    code: 'EXECUTION_NOT_ACTIVE',
  });
});
