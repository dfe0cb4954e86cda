import assert from 'node:assert/strict';
import type { ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, progress } from '../samples.ts';
import { type Case, caseOf, rejectsWith, type Subject } from '../suite.ts';
import { creationAtOnce, creationBy, future, long } from './situations.ts';

/** A lease that ends while a test waits for it. */
const brief = 30;

/** How long what a worker owns belongs to it. */
export function leaseCases(subject: Subject<ExecutionStore>): Case[] {
  const isReady = async (store: ExecutionStore, id: string): Promise<boolean> =>
    (await store.ready(Date.now(), 100)).includes(id);

  return [
    caseOf(subject, 'what a worker owns is ready once its lease has ended', async (store, bench) => {
      await store.heartbeat('w1', brief);
      await store.heartbeat('w2', long);
      await store.append(creationBy('w1', 'e1'));
      await store.append(creationBy('w2', 'e2'));
      const other = await bench.companion();
      await bench.until('the lease has ended', () => isReady(other, 'e1'));
      assert.deepEqual(await other.ready(Date.now(), 100), ['e1']);
      const claimed = await other.claim('e1', 'w2', Date.now());
      assert.deepEqual([claimed?.owner, claimed?.epoch], ['w2', 2]);
      await rejectsWith(store.append(progress('e1', 1)), 'FENCED');
    }),
    caseOf(subject, 'a lease that is renewed goes on', async (store, bench) => {
      await store.heartbeat('w1', brief);
      await store.append(creationBy('w1', 'e1'));
      await store.heartbeat('w1', long);
      await store.heartbeat('w2', brief);
      await store.append(creationBy('w2', 'e2'));
      // It began later: when it has ended, the first lease of the other would have, too.
      await bench.until('the lease has ended', () => isReady(store, 'e2'));
      assert.equal(await isReady(store, 'e1'), false);
      assert.equal(await store.claim('e1', 'w1', Date.now()), undefined);
    }),
    caseOf(
      subject,
      'who comes back before someone else took over keeps what it owns',
      async (store, bench) => {
        await store.heartbeat('w1', brief);
        await store.append(creationBy('w1', 'e1'));
        await bench.until('the lease has ended', () => isReady(store, 'e1'));
        await store.heartbeat('w1', long);
        assert.equal(await isReady(store, 'e1'), false);
        await store.append(progress('e1', 1));
        assert.equal((await store.get('e1'))?.owner, 'w1');
      },
    ),
    caseOf(subject, 'a worker whose lease has ended claims nothing', async (store, bench) => {
      await store.append(creation('e1'));
      await store.heartbeat('w1', brief);
      await store.append(creationBy('w1', 'e2'));
      await bench.until('the lease has ended', () => isReady(store, 'e2'));
      await store.append({ ...progress('e1', 1), owner: null });
      assert.equal(await store.claim('e1', 'w1', Date.now()), undefined);
      assert.equal((await store.get('e1'))?.owner, undefined);
    }),
    caseOf(subject, 'the end of a lease is when something is ready next', async (store) => {
      const before = Date.now();
      await store.heartbeat('w1', long);
      await store.heartbeat('idle', brief);
      // Neither owns anything: the end of their leases makes nothing ready.
      assert.equal(await store.nextReady(), undefined);
      await store.append(creationBy('w1', 'e1'));
      const next = (await store.nextReady())!;
      // Ten minutes for clocks that do not agree.
      assert.ok(Math.abs(next - (before + long)) < 600_000, `${next} is not an hour from ${before}`);
      await store.append({ ...creation('e2'), wake_at: future().iso });
      assert.equal(await store.nextReady(), next);
      await store.append({ ...progress('e1', 1), owner: null, wake_at: null });
      assert.equal(await store.nextReady(), future().at);
    }),
    caseOf(
      subject,
      'what is ready because of a lease that ended has a time that has passed',
      async (store, bench) => {
        await store.heartbeat('w1', brief);
        await store.append(creationBy('w1', 'e1'));
        await bench.until('the lease has ended', () => isReady(store, 'e1'));
        // A second for clocks that do not agree.
        assert.ok((await store.nextReady())! <= Date.now() + 1000);
        await store.heartbeat('w2', long);
        await store.claim('e1', 'w2', Date.now());
        assert.ok((await store.nextReady())! > Date.now() + long / 2);
      },
    ),
    caseOf(subject, 'a worker that retires leaves what it owns to others at once', async (store) => {
      await store.heartbeat('w1', long);
      await store.heartbeat('w2', long);
      for (const id of ['e1', 'e2', 'e3']) await store.append(creationBy('w1', id));
      await store.append({ ...progress('e2', 1), owner: null, wake_at: null });
      await store.append(completion('e3', 1));
      await store.retire('w1');
      await store.retire('w1');
      await store.retire('nobody');
      assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      assert.equal((await store.claim('e1', 'w2', Date.now()))?.epoch, 2);
      assert.deepEqual(await store.ready(Date.now(), 100), []);
    }),
    caseOf(subject, 'the end of one lease touches no other', async (store) => {
      for (const worker of ['w', 'w1', 'W1', 'w%']) {
        await store.heartbeat(worker, long);
        await store.append(creationBy(worker, `of ${worker}`));
      }
      await store.retire('w1');
      assert.deepEqual(await store.ready(Date.now(), 100), ['of w1']);
      await store.retire('w%');
      assert.deepEqual((await store.ready(Date.now(), 100)).sort(), ['of w%', 'of w1']);
    }),
    caseOf(subject, 'who gives back after its lease has ended may do so', async (store, bench) => {
      await store.heartbeat('w1', brief);
      await store.append(creationBy('w1', 'e1'));
      await bench.until('the lease has ended', () => isReady(store, 'e1'));
      // Nobody has taken it over: the epoch is still its own.
      await store.append({ ...progress('e1', 1), owner: null, wake_at: future().iso });
      assert.deepEqual(await store.ready(Date.now(), 100), []);
      await store.append(creationAtOnce('e2'));
      assert.deepEqual(await store.ready(Date.now(), 100), ['e2']);
    }),
  ];
}
