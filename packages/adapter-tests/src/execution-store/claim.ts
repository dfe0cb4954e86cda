import assert from 'node:assert/strict';
import type { Claimed, ExecutionRecord, ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, progress } from '../samples.ts';
import { type Case, caseOf, collect, rejectsWith, type Subject } from '../suite.ts';
import { abandon, behind, creationAtOnce, creationBy, future, long } from './situations.ts';

/** Taking executions up, and shutting out who had them before. */
export function claimCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(subject, 'who claims gets the execution with a new epoch and no time to wake', async (store) => {
      await store.heartbeat('w1', long);
      await store.append({ ...creation('e1', {}, 4), wake_at: future().iso, origin: { depth: 2 } });
      const claimed = await store.claim('e1', 'w1', future().at);
      assert.deepEqual(recordOf(claimed!), await store.get('e1'));
      const { owner, epoch, seq, wake_at, origin, document } = claimed!;
      assert.deepEqual(
        { owner, epoch, seq, wake_at, origin },
        { owner: 'w1', epoch: 5, seq: 1, wake_at: undefined, origin: { depth: 2 } },
      );
      assert.deepEqual(document, creation('e1').document);
      assert.deepEqual(await store.ready(future().at - long, 100), []);
    }),
    caseOf(subject, 'what a claim brings along is what is there', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationAtOnce('short'));
      await store.append(creationAtOnce('long'));
      await store.append(progress('long', 1, 40));
      await store.append(creationAtOnce('asked'));
      await store.append({ ...progress('asked', 1, 2), owner: null });
      await store.post({ id: 'm1', execution_id: 'asked', body: { nasty: 'x\0' } });
      for (const id of ['short', 'long', 'asked']) {
        const { history, inbox } = (await store.claim(id, 'w1', future().at))!;
        if (history) assert.deepEqual(history, await collect(store.events(id)));
        if (inbox) assert.deepEqual(inbox, await store.messages(id));
      }
    }),
    caseOf(subject, 'what is not ready cannot be claimed', async (store) => {
      await store.heartbeat('w1', long);
      await store.heartbeat('w2', long);
      await store.append(creationBy('w2', 'owned'));
      await store.append(creation('parked'));
      await store.append({ ...creation('later'), wake_at: future().iso });
      await store.append(creationAtOnce('ended'));
      await store.append(completion('ended', 1));
      for (const id of ['owned', 'parked', 'ended', 'nobody'])
        assert.equal(await store.claim(id, 'w1', Date.now()), undefined, id);
      assert.equal(await store.claim('later', 'w1', future().at - 1), undefined);
      assert.equal(await store.claim('owned', 'w2', Date.now()), undefined);
      assert.equal((await store.get('owned'))?.epoch, 1);
      assert.equal((await store.claim('later', 'w1', future().at))?.owner, 'w1');
    }),
    caseOf(subject, 'what is ready at once can be claimed whatever a clock says', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationAtOnce('e1'));
      await abandon(store, 'e2');
      assert.equal((await store.claim('e1', 'w1', behind()))?.owner, 'w1');
      assert.equal((await store.claim('e2', 'w1', behind()))?.owner, 'w1');
    }),
    caseOf(subject, 'a worker without a lease gets nothing', async (store) => {
      await store.append(creationAtOnce('e1'));
      assert.equal(await store.claim('e1', 'w1', Date.now()), undefined);
      await store.heartbeat('w1', long);
      await store.retire('w1');
      assert.equal(await store.claim('e1', 'w1', Date.now()), undefined);
      const { owner, epoch } = (await store.get('e1'))!;
      assert.deepEqual({ owner, epoch }, { owner: undefined, epoch: 1 });
      assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
    }),
    caseOf(subject, 'of those that claim at the same time exactly one gets it', async (store, bench) => {
      const stores = [store, await bench.companion(), await bench.companion(), await bench.companion()];
      const ids = Array.from({ length: 20 }, (_, n) => `e${n}`);
      await Promise.all(ids.map((id) => store.append(creationAtOnce(id))));
      const workers = stores.flatMap((each, n) => [[each, `w${n}a`] as const, [each, `w${n}b`] as const]);
      await Promise.all(workers.map(([each, worker]) => each.heartbeat(worker, long)));
      const now = Date.now();
      const tries = ids.flatMap((id) =>
        workers.map(async ([each, worker]) => {
          const claimed = await each.claim(id, worker, now);
          return claimed && { id, worker, owner: claimed.owner, epoch: claimed.epoch };
        }),
      );
      const won = (await Promise.all(tries)).filter((outcome) => outcome !== undefined);
      assert.deepEqual(won.map(({ id }) => id).sort(), [...ids].sort());
      for (const { id, worker, owner, epoch } of won) {
        assert.equal(owner, worker);
        assert.equal(epoch, 2);
        const record = await store.get(id);
        assert.deepEqual([record?.owner, record?.epoch], [worker, 2]);
      }
      assert.deepEqual(await store.ready(now, 100), []);
    }),
    caseOf(subject, 'who had it before is shut out from the moment of the claim', async (store, bench) => {
      const other = await bench.companion();
      await abandon(store, 'e1');
      await store.append(creation('e2'));
      await store.post({ id: 'm1', execution_id: 'e1', body: 1 });
      await other.heartbeat('w2', long);
      const claimed = await other.claim('e1', 'w2', Date.now());
      assert.equal(claimed?.epoch, 2);
      const stale = {
        ...progress('e1', 1),
        handled: ['m1'],
        messages: [{ id: 'm2', execution_id: 'e2', body: 2 }],
      };
      await rejectsWith(store.append(stale), 'FENCED');
      await rejectsWith(store.append(completion('e1', 1)), 'FENCED');
      assert.deepEqual(await store.get('e1'), recordOf(claimed!));
      assert.equal((await collect(store.events('e1'))).length, 1);
      assert.equal((await store.messages('e1')).length, 1);
      assert.deepEqual(await store.messages('e2'), []);
      await other.append(progress('e1', 1, 1, 2));
      assert.equal((await store.get('e1'))?.owner, 'w2');
    }),
    caseOf(subject, 'a claim between two appends is noticed by the second', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationBy('w1', 'e1'));
      await store.append(progress('e1', 1));
      await store.retire('w1');
      await store.heartbeat('w2', long);
      await store.claim('e1', 'w2', Date.now());
      // The number of the last event is the right one: only the epoch tells.
      await rejectsWith(store.append(progress('e1', 2)), 'FENCED');
    }),
    caseOf(subject, 'it can be given back and claimed again and again', async (store) => {
      await store.append(creationAtOnce('e1'));
      for (let round = 1; round <= 5; round++) {
        const worker = `w${round}`;
        await store.heartbeat(worker, long);
        const claimed = (await store.claim('e1', worker, Date.now()))!;
        assert.deepEqual([claimed.owner, claimed.epoch, claimed.seq], [worker, round + 1, round]);
        await store.append({ ...progress('e1', round, 1, claimed.epoch), owner: null });
      }
    }),
    caseOf(
      subject,
      'an execution that goes on after its end is owned by whom the append says',
      async (store) => {
        await store.heartbeat('w1', long);
        await store.append(creationBy('w1', 'e1'));
        await store.append(completion('e1', 1));
        await store.append({ ...progress('e1', 2), owner: 'w1' });
        assert.equal((await store.get('e1'))?.owner, 'w1');
        assert.deepEqual(await store.ready(Date.now(), 100), []);
        await store.append(completion('e1', 3));
        await store.append({ ...progress('e1', 4), owner: null });
        assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      },
    ),
    ...(subject.durable ? durableCases(subject) : []),
  ];
}

function durableCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(
      subject,
      'who owns what, and until when, is there for the next one that opens',
      async (store, bench) => {
        await store.heartbeat('w1', long);
        await store.append(creationBy('w1', 'owned'));
        await abandon(store, 'abandoned');
        await store.append({ ...creation('later'), wake_at: future(1).iso });
        await store.append(creationAtOnce('now'));
        await store.append(creation('parked'));
        await store.append(creationAtOnce('claimed'));
        await store.claim('claimed', 'w1', Date.now());
        await store.close();
        const next = await bench.another();
        assert.deepEqual((await next.ready(behind(), 100)).sort(), ['abandoned', 'now']);
        assert.equal((await next.get('owned'))?.owner, 'w1');
        const { owner, epoch } = (await next.get('claimed'))!;
        assert.deepEqual({ owner, epoch }, { owner: 'w1', epoch: 2 });
        await rejectsWith(next.append(progress('claimed', 1)), 'FENCED');
        assert.equal(await next.claim('owned', 'w1', Date.now()), undefined);
        await next.retire('w1');
        assert.equal((await next.ready(future(1).at, 100)).length, 5);
      },
    ),
    caseOf(subject, 'two at a time see who owns what', async (store, bench) => {
      const other = await bench.another();
      await store.heartbeat('w1', long);
      await store.append(creationAtOnce('e1'));
      assert.deepEqual(await other.ready(Date.now(), 100), ['e1']);
      await store.claim('e1', 'w1', Date.now());
      assert.deepEqual(await other.ready(Date.now(), 100), []);
      await store.append({ ...progress('e1', 1, 1, 2), owner: null, wake_at: future(1).iso });
      assert.equal(await other.nextReady(), future(1).at);
      await other.heartbeat('w2', long);
      assert.equal((await other.claim('e1', 'w2', future(1).at))?.epoch, 3);
      await rejectsWith(store.append(progress('e1', 2, 1, 2)), 'FENCED');
    }),
  ];
}

function recordOf({ history: _history, inbox: _inbox, ...record }: Claimed): ExecutionRecord {
  return record;
}
