import type { WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterEach, expect, it } from 'vitest';
import {
  createMemoryPlace,
  ended,
  type MemoryPlace,
  openOver,
  save,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';

const secret = 'hunter22';
const opened: Platform[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((platform) => platform.close()));
});

/** Everything that is stored of an execution. */
async function storedOf({ storage: { executions } }: MemoryPlace, id: string): Promise<string> {
  const events: unknown[] = [];
  for await (const event of executions.events(id)) events.push(event);
  return JSON.stringify([await executions.get(id), events]);
}

const withToken = (rest: Partial<WorkflowDocument>): WorkflowDocument =>
  workflow(
    [
      { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
      { id: 'see', handler: 'test.see', dependencies: ['wait'], config: { body: '${trigger.body}' } },
    ],
    { parameters: [{ name: 'token', type: 'secret' }], ...rest },
  );

it('what started an execution shows no secret of it, and is whole for those that go on with it', async () => {
  const place = createMemoryPlace();
  const seen: unknown[] = [];
  const plugins = [testPlugin({ see: ({ config }) => void seen.push(config) })];
  const first = await openOver(place, { plugins });
  const { execution_id: id } = await first.start(
    withToken({}),
    { token: secret },
    { trigger: { body: { token: secret } } },
  );
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await first.close();
  const second = await openOver(place, { plugins });
  opened.push(second);
  expect(JSON.stringify(await second.execution(id))).not.toContain(secret);
  await second.signal(id, 'go');
  await ended(place, id);
  expect(seen).toEqual([{ body: { token: secret } }]);
  expect(await storedOf(place, id)).not.toContain(secret);
});

it('a secret that has become a number is not stored, whoever sends or computes it', async () => {
  const place = createMemoryPlace();
  const seen: unknown[] = [];
  const plugins = [testPlugin({ see: ({ config }) => void seen.push(config) })];
  const first = await openOver(place, { plugins });
  const pin = '${int(parameters.token)}';
  const steps = [
    { id: 'number', handler: 'core.set', config: { value: pin } },
    { id: 'wait', handler: 'core.wait', dependencies: ['number'], config: { signal: 'go' } },
    { id: 'see', handler: 'test.see', dependencies: ['wait'], config: { pin, sent: '${steps.wait.output}' } },
  ];
  const document = workflow(steps, { parameters: [{ name: 'token', type: 'secret' }], output: pin });
  const { execution_id: id } = await first.start(document, { token: '493817' });
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await first.close();
  const second = await openOver(place, { plugins });
  opened.push(second);
  await second.signal(id, 'go', { pin: 493817 });
  await ended(place, id);
  expect(seen).toEqual([{ pin: 493817, sent: { pin: '***' } }]);
  const stored = await storedOf(place, id);
  expect(stored).toContain('step_resumed');
  expect(stored).not.toContain('493817');
});

it('a concurrency key with a secret in it is the same for the same secret, and does not show it', async () => {
  const place = createMemoryPlace();
  const platform = await openOver(place, { plugins: [testPlugin({ see: () => 1 })] });
  opened.push(platform);
  const document = withToken({ concurrency: { key: 'of ${parameters.token}', policy: 'skip' } });
  const { execution_id: id } = await platform.start(document, { token: secret });
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await expect(platform.start(document, { token: secret })).rejects.toMatchObject({
    code: 'CONCURRENCY_LIMIT',
    message: expect.not.stringContaining(secret) as string,
  });
  await platform.start(document, { token: 'another one' });
  expect(await storedOf(place, id)).not.toContain(secret);
});

it('what became a secret with a corrected document is one when it is tried again', async () => {
  const place = createMemoryPlace();
  const platform = await openOver(place);
  opened.push(platform);
  const echo = { id: 'echo', handler: 'core.set', config: { value: '${parameters.token}' } };
  const steps = (last: WorkflowDocument['steps'][number]) => [echo, { ...last, dependencies: ['echo'] }];
  const token = { name: 'token', type: 'string' as const };
  const failing = workflow(steps({ id: 'last', handler: 'core.fail' }), { parameters: [token] });
  const first = await platform.start(failing, { token: secret });
  await ended(place, first.execution_id);
  const value = '${string(size(parameters.token)) + parameters.unit}';
  const mended = workflow(steps({ id: 'last', handler: 'core.set', config: { value } }), {
    parameters: [
      { ...token, type: 'secret' },
      { name: 'unit', type: 'string', default: ' characters' },
    ],
  });
  const { execution_id: id } = await platform.retry(first.execution_id, { workflow: mended });
  await ended(place, id);
  expect(await storedOf(place, id)).not.toContain(secret);
  expect((await platform.execution(id))!.steps.last).toMatchObject({ output: '8 characters' });
  const asking = workflow([{ id: 'echo', handler: 'core.set', config: { value: 1 } }], {
    parameters: [{ name: 'missing', type: 'string' }],
  });
  const again = platform.retry(first.execution_id, { workflow: asking, from: 'echo' });
  await expect(again).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' });
});

it.each(['running', 'parked'])('what is sent to one that is %s shows no secret of it', async (how) => {
  const place = createMemoryPlace();
  const gate = Promise.withResolvers<void>();
  const running = how === 'running';
  const plugins = [testPlugin({ see: () => (running ? gate.promise : 1) })];
  const owner = await openOver(place, { plugins });
  const other = await openOver(place, { worker: { inProcess: false } });
  opened.push(owner, other);
  const ask = { id: 'ok', handler: 'core.approval', config: { prompt: 'Go on?' } };
  const document = workflow([{ id: 'busy', handler: 'test.see' }, ask], {
    parameters: [{ name: 'token', type: 'secret' }],
  });
  const { execution_id: id } = await owner.start(document, { token: secret });
  await until(async () => (await other.execution(id))!.steps.ok!.status === 'waiting');
  const bodies: unknown[] = [];
  const { post } = place.storage.executions;
  place.storage.executions.post = async (message) => {
    bodies.push(message.body);
    return post(message);
  };
  await other.signal(id, `of ${secret}`, { [secret]: secret });
  await other.decideApproval(id, 'ok', { approved: true, comment: secret });
  await other.cancel(id, `Because of ${secret}.`);
  expect(bodies).toMatchObject([
    { type: 'signal', signal: 'of ***', payload: { '***': '***' } },
    { type: 'decide', payload: { approved: true, comment: '***' } },
    { type: 'cancel', reason: 'Because of ***.' },
  ]);
  gate.resolve();
});

it('what is secret to those that started an execution is so to it, also after it was parked', async () => {
  const place = createMemoryPlace();
  const plugins = [testPlugin({ see: () => secret })];
  await save(place, {
    id: 'child',
    name: 'child',
    steps: withToken({})
      .steps.slice(0, 1)
      .concat([{ id: 'see', handler: 'test.see', dependencies: ['wait'] }]),
  });
  const first = await openOver(place, { plugins });
  const document = workflow([{ id: 'call', handler: 'core.workflow', config: { workflow: 'child' } }], {
    parameters: [{ name: 'token', type: 'secret' }],
  });
  const { execution_id: id } = await first.start(document, { token: secret });
  const children = async () => (await place.storage.executions.list({ parent_id: id })).results;
  await until(async () => (await children())[0]?.status === 'waiting');
  await first.close();
  const second = await openOver(place, { plugins });
  opened.push(second);
  const child = (await children())[0]!.id;
  await second.signal(child, 'go');
  await ended(place, child);
  expect((await second.execution(child))!.steps.see).toMatchObject({ output: '***' });
});
