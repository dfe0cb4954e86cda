import type { Execute } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { change, ended, openOver, statusOf, testPlugin, until, workflow } from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

const minute = 60_000;

it('a cancellation that comes while the turn of its execution does is left to whoever claims that', async () => {
  const place = createPlace();
  const front = await openOver(place, { worker: { inProcess: false }, queueBackend: 'redis' });
  const steps = [{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }];
  const { execution_id: id } = await front.start(workflow(steps, { concurrency: { key: 'k' } }));
  const asked = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const tried = Promise.withResolvers<void>();
  let appends = 0;
  change(place, 'append', (append) => async (given) => {
    const first = ++appends === 1;
    (first ? asked : begun).resolve();
    await (first ? begun : tried).promise;
    return append(given);
  });
  const cancelling = front.cancel(id).finally(tried.resolve);
  await asked.promise;
  const errors: unknown[] = [];
  const log = (level: string, ...line: unknown[]) => void (level === 'error' && errors.push(line));
  await openOver(place, { logger: { log } });
  await cancelling;
  await ended(place, id);
  for (let turn = 0; turn < 20; turn++) await settle();
  expect([await statusOf(place, id), errors]).toEqual(['cancelled', []]);
});

describe('a cancellation ends', () => {
  it('what waits for its turn, and lets the next one have it', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const document = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }], {
      concurrency: { key: 'k' },
    });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await platform.start(document)).execution_id);
    const [first, second, third] = ids as [string, string, string];
    await until(async () => (await statusOf(place, first)) === 'waiting');
    await platform.cancel(second, 'Never mind.');
    await ended(place, second);
    expect(await platform.execution(second)).toMatchObject({
      ...{ status: 'cancelled', error: { message: 'Never mind.' } },
      steps: { a: { status: 'cancelled' } },
    });
    expect(await statusOf(place, third)).toBe('pending');
    await platform.signal(first, 'go');
    await until(async () => (await statusOf(place, third)) === 'waiting');
  });

  it('what nobody can take up, and tells what could not be undone', async () => {
    const place = createPlace();
    const plugins = [testPlugin({ run: () => 'ran' })];
    const knowing = await openOver(place, { plugins });
    const { execution_id: id } = await knowing.start(
      workflow([
        { id: 'a', handler: 'test.run', compensate: { handler: 'test.run' } },
        { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
        { id: 'c', handler: 'test.run', dependencies: ['b'] },
      ]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    await knowing.close();
    const unknowing = await openOver(place);
    await unknowing.signal(id, 'go');
    await until(async () => (await place.storage.executions.get(id))!.epoch > 1);
    await unknowing.cancel(id, 'Never mind.');
    await place.clock.advance(2 * minute);
    await ended(place, id);
    expect(await unknowing.execution(id)).toMatchObject({
      status: 'cancelled',
      error: { message: 'Never mind.', details: { compensation_errors: [{ step_id: 'a' }] } },
      steps: { a: { status: 'success' }, b: { status: 'cancelled' }, c: { status: 'skipped' } },
    });
  });

  it('what its own process cannot take up, once another one that can has undone it', async () => {
    const place = createPlace();
    const undone: string[] = [];
    const undo: Execute = ({ step }) => void undone.push(step.id);
    const plugins = [testPlugin({ run: () => 'ran', undo })];
    const knowing = await openOver(place, { plugins });
    const { execution_id: id } = await knowing.start(
      workflow([
        { id: 'a', handler: 'test.run', compensate: { handler: 'test.undo' } },
        { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
      ]),
    );
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const unknowing = await openOver(place);
    await unknowing.cancel(id, 'Never mind.');
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(id))?.completed_at !== undefined;
    });
    expect(undone).toEqual(['a']);
    expect(await knowing.execution(id)).toMatchObject({ status: 'cancelled', compensated: ['a'] });
  });

  describe.each(['the process that works on it', 'another process'])('given to %s', (by) => {
    it.each([
      ['failed', { handler: 'core.fail' }],
      ['cancelled', { handler: 'core.wait', config: { signal: 'never' } }],
    ])('undoing what has %s, also when its worker dies', async (status, last) => {
      const place = createPlace();
      const gate = Promise.withResolvers<void>();
      let tries = 0;
      const undo = (): Promise<void> => {
        tries++;
        return gate.promise;
      };
      const plugins = [testPlugin({ run: () => 1, undo })];
      const owner = await openOver(place, { workerId: 'owner', plugins });
      const { execution_id: id } = await owner.start(
        workflow([
          { id: 'a', handler: 'test.run', compensate: { handler: 'test.undo' } },
          { id: 'b', dependencies: ['a'], ...last },
        ]),
      );
      if (status === 'cancelled') {
        await until(async () => (await statusOf(place, id)) === 'waiting');
        await owner.cancel(id);
      }
      await until(() => tries === 1);
      const other = await openOver(place, { worker: { inProcess: false } });
      await (by === 'another process' ? other : owner).cancel(id, 'Leave it.');
      for (let turn = 0; turn < 10; turn++) await settle();
      const { epoch } = (await place.storage.executions.get(id))!;
      const dead = new Error('It is dead.');
      change(place, 'heartbeat', (heartbeat) => async (worker, ttl) => {
        if (worker === 'owner') throw dead;
        await heartbeat(worker, ttl);
      });
      change(place, 'append', (append) => async (given) => {
        if (given.epoch === epoch) throw dead;
        return append(given);
      });
      await openOver(place, { workerId: 'successor', plugins });
      await place.clock.advance(2 * minute);
      await ended(place, id, 2000);
      expect(await other.execution(id)).toMatchObject({
        status,
        error: { details: { compensation_errors: [{ step_id: 'a', code: 'STEP_CANCELLED' }] } },
      });
      expect([tries, await place.storage.executions.messages(id)]).toEqual([1, []]);
      gate.resolve();
    });
  });
});
