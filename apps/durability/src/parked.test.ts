import { createPlatform } from '@vwmp/core/platform';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  ended,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  waiting,
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const hour = 3_600_000;
const createPlace = usePlaces();

describe('an execution that waits', () => {
  it('belongs to nobody, and goes on when its signal comes', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(waiting);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const record = (await place.storage.executions.get(id))!;
    expect(record).not.toHaveProperty('owner');
    expect(record).not.toHaveProperty('wake_at');
    await platform.signal(id, 'go', 41);
    await ended(place, id);
    expect((await platform.execution(id))!.steps.after).toMatchObject({ status: 'success', output: 42 });
  });

  it('is woken by its timer, whenever that is, and nothing is done before', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'sleep', handler: 'core.sleep', config: { duration: '30d' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await place.clock.advance(30 * 24 * hour - 1000);
    expect(await statusOf(place, id)).toBe('waiting');
    await place.clock.advance(1000);
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  });

  it('is woken at its moment, not when somebody looks by chance', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    await place.clock.advance(1);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'sleep', handler: 'core.sleep', config: { duration: '2s' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await place.clock.advance(1999);
    expect(await statusOf(place, id)).toBe('waiting');
    await place.clock.advance(1);
    await until(async () => (await statusOf(place, id)) === 'success');
  });

  it('keeps its secret parameters, encrypted', async () => {
    const place = createPlace();
    const seen: unknown[] = [];
    const plugins = [testPlugin({ see: ({ parameters }) => void seen.push(parameters.token) })];
    const platform = await openOver(place, { plugins });
    const document = workflow(
      [
        { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
        { id: 'see', handler: 'test.see', dependencies: ['wait'] },
      ],
      { parameters: [{ name: 'token', type: 'secret' }] },
    );
    const { execution_id: id } = await platform.start(document, { token: 'hunter22' });
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await platform.close();
    const other = await openOver(place, { plugins });
    await other.signal(id, 'go');
    await ended(place, id);
    expect(seen).toEqual(['hunter22']);
    expect(JSON.stringify(await place.storage.executions.get(id))).not.toContain('hunter22');
    expect(JSON.stringify(await other.execution(id))).not.toContain('hunter22');
  });

  it('is refused when it has secrets and there is no key to keep them with', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    platform.settings.encryptionKey = undefined;
    const keyless = await createPlatform(platform.settings, {
      ...place,
      queue: createMemoryQueue(),
      storage: shared(place.storage),
      bus: shared(place.bus),
    });
    place.opened.push(keyless);
    await keyless.open();
    const document = workflow(waiting.steps, { parameters: [{ name: 'token', type: 'secret' }] });
    await expect(keyless.start(document, { token: 'x' })).rejects.toMatchObject({
      code: 'ENCRYPTION_KEY_MISSING',
    });
    expect((await place.storage.executions.list()).count).toBe(0);
  });

  it('takes a decision once, and says when there is nothing to decide', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'ok?' } }]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await expect(platform.decideApproval(id, 'other', { approved: true })).rejects.toMatchObject({
      code: 'STEP_NOT_WAITING',
    });
    await expect(platform.decideApproval('nobody', 'ok', { approved: true })).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
    await platform.decideApproval(id, 'ok', { approved: false, by: 'Ana' });
    await ended(place, id);
    expect((await platform.execution(id))!.steps.ok).toMatchObject({
      port: 'rejected',
      output: { approved: false, by: 'Ana' },
    });
  });
});
