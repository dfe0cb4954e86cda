import type { WorkflowDocument } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { change, ended, openOver, statusOf, until, workflow } from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

const minute = 60_000;

describe('concurrency keys', () => {
  const limited = (policy: 'queue' | 'skip' | 'cancel'): WorkflowDocument =>
    workflow([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }], {
      parameters: [{ name: 'env', type: 'string' }],
      concurrency: { key: '${parameters.env}', limit: 1, policy },
    });

  it('let executions with the same one take turns, in their order, and others run', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const ids: string[] = [];
    for (const env of ['a', 'a', 'a', 'b'])
      ids.push((await platform.start(limited('queue'), { env })).execution_id);
    const statuses = () => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).join() === 'waiting,pending,pending,waiting');
    await platform.signal(ids[0]!, 'go');
    await until(async () => (await statuses()).join() === 'success,waiting,pending,waiting');
    await platform.cancel(ids[1]!);
    await until(async () => (await statuses()).join() === 'success,cancelled,waiting,waiting');
  });

  it('refuse another one where the policy says so', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    await platform.start(limited('skip'), { env: 'a' });
    await expect(platform.start(limited('skip'), { env: 'a' })).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    await platform.start(limited('skip'), { env: 'b' });
  });

  it('cancel the one in the way where the policy says so', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const first = await platform.start(limited('cancel'), { env: 'a' });
    await until(async () => (await statusOf(place, first.execution_id)) === 'waiting');
    const second = await platform.start(limited('cancel'), { env: 'a' });
    await until(async () => (await statusOf(place, second.execution_id)) === 'waiting');
    expect(await statusOf(place, first.execution_id)).toBe('cancelled');
  });

  it('hold for a retry as its document says now', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const start = async (document: WorkflowDocument): Promise<string> =>
      (await platform.start(document, { env: 'a' })).execution_id;
    const begun = (id: string): Promise<void> => until(async () => (await statusOf(place, id)) === 'waiting');
    const endedBefore = async (document: WorkflowDocument): Promise<string> => {
      const id = await start(document);
      await begun(id);
      await platform.cancel(id);
      await ended(place, id);
      return id;
    };

    const replaced = await endedBefore(limited('cancel'));
    const inTheWay = await start(limited('cancel'));
    await begun(inTheWay);
    const retried = await platform.retry(replaced);
    await begun(retried.execution_id);
    expect(await statusOf(place, inTheWay)).toBe('cancelled');

    const { concurrency: _, ...unlimited } = limited('queue');
    const plain = await endedBefore(unlimited);
    const corrected = await platform.retry(plain, { workflow: limited('queue') });
    expect(await statusOf(place, corrected.execution_id)).toBe('pending');
    await platform.cancel(retried.execution_id);
    await begun(corrected.execution_id);
    const freed = await platform.retry(replaced, { workflow: unlimited });
    await begun(freed.execution_id);
  });
});

describe('executions with one concurrency key', () => {
  const waiting = (policy: 'queue' | 'cancel') =>
    workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }], {
      concurrency: { key: 'k', policy },
    });

  it('that are started at once do not cancel each other', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const all = await Promise.all([1, 2, 3].map(() => platform.start(waiting('cancel'))));
    const statuses = (): Promise<(string | undefined)[]> =>
      Promise.all(all.map(({ execution_id: id }) => statusOf(place, id)));
    await until(async () => (await statuses()).includes('waiting'));
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(await statuses()).toContain('waiting');
  });

  it('are cancelled for newer ones also where they are on more than one page', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { list } = place.storage.executions;
    change(
      place,
      'list',
      () => (query) =>
        list.call(place.storage.executions, { ...query, limit: Math.min(query?.limit ?? 2, 2) }),
    );
    const concurrency = { key: 'k', limit: 5, policy: 'cancel' } as const;
    const document = workflow(waiting('cancel').steps, { concurrency });
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) {
      ids.push((await platform.start(document)).execution_id);
      await place.clock.advance(1);
    }
    const statuses = (): Promise<(string | undefined)[]> => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).filter((status) => status === 'waiting').length === 5);
    expect((await statuses()).slice(0, 2)).toEqual(['cancelled', 'cancelled']);
  });

  it('are cancelled in the order in which they were accepted, whichever of them began last', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { list } = place.storage.executions;
    change(place, 'list', () => async (query) => {
      const page = await list.call(place.storage.executions, query);
      return { ...page, results: page.results.toReversed() };
    });
    const concurrency = { key: 'k', limit: 2, policy: 'cancel' } as const;
    const document = workflow(waiting('cancel').steps, { concurrency });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push((await platform.start(document)).execution_id);
      await place.clock.advance(1);
    }
    const statuses = (): Promise<(string | undefined)[]> => Promise.all(ids.map((id) => statusOf(place, id)));
    await until(async () => (await statuses()).filter((status) => status === 'waiting').length === 2);
    expect(await statuses()).toEqual(['cancelled', 'cancelled', 'cancelled', 'waiting', 'waiting']);
  });

  it('do not time out while they are tried again and wait for their turn', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const first = { id: 'first', handler: 'core.set', config: { value: 1 } };
    const { concurrency } = waiting('queue');
    const failing = workflow([first, { id: 'a', handler: 'core.fail', dependencies: ['first'] }], {
      ...{ concurrency, timeout: '10m' },
    });
    const failed = await platform.start(failing);
    await ended(place, failed.execution_id);
    const front = await platform.start(waiting('queue'));
    await until(async () => (await statusOf(place, front.execution_id)) === 'waiting');
    const mended = workflow([first, { ...waiting('queue').steps[0]!, dependencies: ['first'] }], {
      ...{ concurrency, timeout: '10m' },
    });
    const { execution_id: id } = await platform.retry(failed.execution_id, { workflow: mended });
    await place.clock.advance(60 * minute);
    expect(await platform.execution(id)).toMatchObject({
      status: 'pending',
      steps: { first: { status: 'success' }, a: { status: 'pending' } },
    });
    await platform.signal(front.execution_id, 'go');
    await until(async () => (await statusOf(place, id)) === 'waiting');
  });
});
