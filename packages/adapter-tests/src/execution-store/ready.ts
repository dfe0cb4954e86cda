import assert from 'node:assert/strict';
import type { ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, progress } from '../samples.ts';
import { type Case, caseOf, type Subject } from '../suite.ts';
import { behind, creationAtOnce, creationBy, future, long, release } from './situations.ts';

/** What is ready, and when something is. */
export function readyCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(subject, 'an empty store has nothing that is ready, now or later', async (store) => {
      assert.deepEqual(await store.ready(future().at, 100), []);
      assert.equal(await store.nextReady(), undefined);
    }),
    caseOf(
      subject,
      'what is created without a time is ready at once, whatever a clock says',
      async (store) => {
        assert.deepEqual(await store.append(creationAtOnce('e1')), [{ execution_id: 'e1' }]);
        assert.deepEqual(await store.ready(behind(), 100), ['e1']);
        const record = (await store.get('e1'))!;
        assert.equal(record.owner, undefined);
        assert.equal(new Date(record.wake_at!).toISOString(), record.wake_at);
        // A second for clocks that do not agree.
        assert.ok((await store.nextReady())! <= Date.now() + 1000);
      },
    ),
    caseOf(subject, 'what waits for a message is never ready by time', async (store) => {
      assert.deepEqual(await store.append(creation('e1')), []);
      assert.deepEqual(await store.ready(future().at, 100), []);
      assert.equal(await store.nextReady(), undefined);
      assert.equal((await store.get('e1'))?.wake_at, undefined);
    }),
    caseOf(subject, 'what has a time is ready from then on and not a moment earlier', async (store) => {
      const { at, iso } = future(60);
      assert.deepEqual(await store.append({ ...creation('e1'), wake_at: iso }), []);
      assert.equal((await store.get('e1'))?.wake_at, iso);
      assert.deepEqual(await store.ready(at - 1, 100), []);
      assert.deepEqual(await store.ready(at, 100), ['e1']);
      assert.equal(await store.nextReady(), at);
    }),
    caseOf(subject, 'those that waited longest come first, never more than asked', async (store) => {
      for (const n of [3, 1, 5, 2, 4]) await store.append({ ...creation(`e${n}`), wake_at: future(n).iso });
      assert.equal(await store.nextReady(), future(1).at);
      assert.deepEqual(await store.ready(future(9).at, 100), ['e1', 'e2', 'e3', 'e4', 'e5']);
      assert.deepEqual(await store.ready(future(9).at, 2), ['e1', 'e2']);
      assert.deepEqual(await store.ready(future(3).at, 100), ['e1', 'e2', 'e3']);
      assert.deepEqual(await store.ready(future(9).at, 0), []);
    }),
    caseOf(subject, 'asking changes nothing', async (store) => {
      for (const n of [1, 2, 3]) await store.append({ ...creation(`e${n}`), wake_at: future(n).iso });
      for (let round = 0; round < 3; round++)
        assert.deepEqual(await store.ready(future(9).at, 2), ['e1', 'e2']);
    }),
    caseOf(subject, 'what is due for longer goes before what is ready at once', async (store, bench) => {
      const due = Date.now() + 20;
      await store.append({ ...creation('timed'), wake_at: new Date(due).toISOString() });
      await bench.until('the clock has gone on', () => Date.now() > due + 2);
      await store.append(creationAtOnce('new'));
      assert.deepEqual(await store.ready(Date.now(), 100), ['timed', 'new']);
    }),
    caseOf(subject, 'what somebody owns is not ready', async (store) => {
      await store.heartbeat('w1', long);
      assert.deepEqual(await store.append(creationBy('w1', 'e1')), []);
      assert.deepEqual(await store.append({ ...creationBy('w1', 'e2'), wake_at: future().iso }), []);
      assert.equal((await store.get('e1'))?.owner, 'w1');
      assert.deepEqual(await store.ready(Date.now(), 100), []);
    }),
    caseOf(subject, 'what is handed back is ready at once, or when it says', async (store) => {
      await store.heartbeat('w1', long);
      for (const id of ['e1', 'e2', 'e3']) await store.append(creationBy('w1', id));
      assert.deepEqual(await store.append(release('e1', 1)), [{ execution_id: 'e1' }]);
      assert.deepEqual(await store.append(release('e2', 1, { wake_at: future(5).iso })), []);
      assert.deepEqual(await store.append(release('e3', 1, { wake_at: null })), []);
      assert.deepEqual(await store.ready(behind(), 100), ['e1']);
      assert.deepEqual(await store.ready(future(4).at, 100), ['e1']);
      assert.deepEqual(await store.ready(future(5).at, 100), ['e1', 'e2']);
      for (const id of ['e1', 'e2', 'e3']) assert.equal((await store.get(id))?.owner, undefined);
      assert.equal((await store.get('e2'))?.wake_at, future(5).iso);
      assert.equal((await store.get('e3'))?.wake_at, undefined);
    }),
    caseOf(subject, 'an append that says nothing of the owner leaves it', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationBy('w1', 'e1'));
      assert.deepEqual(await store.append(progress('e1', 1)), []);
      assert.equal((await store.get('e1'))?.owner, 'w1');
      await store.append({ ...creation('e2'), wake_at: future(5).iso });
      await store.append(progress('e2', 1));
      assert.equal((await store.get('e2'))?.wake_at, future(5).iso);
      await store.append({ ...progress('e2', 2), wake_at: future(7).iso });
      assert.equal((await store.get('e2'))?.wake_at, future(7).iso);
      assert.equal((await store.get('e2'))?.owner, undefined);
    }),
    caseOf(subject, 'an append without events hands over, too', async (store) => {
      await store.heartbeat('w1', long);
      await store.heartbeat('w2', long);
      await store.append(creationBy('w1', 'e1'));
      const takeover = { ...progress('e1', 1, 0, 2), owner: 'w2' };
      assert.deepEqual(await store.append(takeover), []);
      assert.equal((await store.get('e1'))?.owner, 'w2');
      assert.deepEqual(await store.append({ ...takeover, owner: null }), [{ execution_id: 'e1' }]);
    }),
    caseOf(
      subject,
      'what has ended belongs to nobody and is never ready, whatever is given',
      async (store) => {
        await store.heartbeat('w1', long);
        await store.append(creationBy('w1', 'e1'));
        await store.append(completion('e1', 1));
        await store.append(creationBy('w1', 'e2'));
        await store.append({ ...completion('e2', 1), owner: 'w1', wake_at: new Date(0).toISOString() });
        await store.retire('w1');
        for (const id of ['e1', 'e2']) {
          const record = (await store.get(id))!;
          assert.equal(record.owner, undefined);
          assert.equal(record.wake_at, undefined);
        }
        assert.deepEqual(await store.ready(future().at, 100), []);
        assert.equal(await store.nextReady(), undefined);
      },
    ),
    caseOf(subject, 'the next time follows what is claimed, given back and ended', async (store) => {
      for (const n of [1, 2]) await store.append({ ...creation(`e${n}`), wake_at: future(n).iso });
      await store.heartbeat('w1', long);
      await store.claim('e1', 'w1', future(1).at);
      // Now the end of the lease comes first.
      assert.ok((await store.nextReady())! < future(1).at);
      await store.append({ ...release('e1', 1), epoch: 2, wake_at: future(3).iso });
      assert.equal(await store.nextReady(), future(2).at);
      await store.append(completion('e2', 1));
      assert.equal(await store.nextReady(), future(3).at);
      await store.append({ ...completion('e1', 2), epoch: 2 });
      assert.equal(await store.nextReady(), undefined);
    }),
    caseOf(subject, 'thousands that come and go keep their order', async (store) => {
      const ids = Array.from({ length: 1000 }, (_, n) => ({ id: `e${n}`, due: (n * 7919) % 997 }));
      await Promise.all(
        ids.map(({ id, due }) => store.append({ ...creation(id), wake_at: future(due).iso })),
      );
      const gone = ids.filter((_, n) => n % 3 === 0);
      await Promise.all(gone.map(({ id }) => store.append(completion(id, 1))));
      const left = ids.filter((_, n) => n % 3 !== 0);
      const due = new Map(left.map((each) => [each.id, each.due]));
      const found = await store.ready(future(1000).at, 1000);
      assert.deepEqual([...found].sort(), [...due.keys()].sort());
      const order = found.map((id) => due.get(id)!);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
    }),
  ];
}
