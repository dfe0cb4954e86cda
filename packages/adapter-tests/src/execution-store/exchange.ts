import assert from 'node:assert/strict';
import type { ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, progress } from '../samples.ts';
import { type Case, caseOf, rejectsWith, type Subject } from '../suite.ts';
import {
  abandon,
  behind,
  byId,
  creationAtOnce,
  creationBy,
  future,
  long,
  message,
  waiting,
} from './situations.ts';

/** Messages that an append posts along to other executions. */
export function exchangeCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(
      subject,
      'what is posted along reaches owned, unowned and abandoned ones, and tells of each',
      async (store) => {
        await store.heartbeat('w1', long);
        await store.heartbeat('w2', long);
        await store.append(creationBy('w1', 'sender'));
        await store.append(creationBy('w2', 'owned'));
        await store.append(creation('parked'));
        await store.append({ ...creation('timed'), wake_at: future().iso });
        await abandon(store, 'abandoned');
        await store.append(creation('untouched'));
        const to = ['owned', 'parked', 'timed', 'abandoned'];
        const messages = to.map((id) => message(`m-${id}`, id, { to: id }));
        const woken = await store.append({ ...progress('sender', 1), messages });
        assert.deepEqual(byId(woken), [
          { execution_id: 'abandoned' },
          { execution_id: 'owned', owner: 'w2' },
          { execution_id: 'parked' },
          { execution_id: 'timed' },
        ]);
        for (const each of messages) assert.deepEqual(await store.messages(each.execution_id), [each]);
        assert.deepEqual((await store.ready(behind(), 100)).sort(), ['abandoned', 'parked', 'timed']);
        assert.deepEqual(await store.mail('w2'), ['owned']);
        assert.deepEqual(await store.mail('w1'), []);
      },
    ),
    caseOf(
      subject,
      'what goes to one that has ended or is not there is dropped, the rest is not',
      async (store) => {
        await store.append(creation('sender'));
        await store.append(creation('ended'));
        await store.append(completion('ended', 1));
        await store.append(creation('parked'));
        const messages = ['ended', 'nobody', 'parked'].map((id) => message(`m-${id}`, id));
        const woken = await store.append({ ...progress('sender', 1), messages });
        assert.deepEqual(woken, [{ execution_id: 'parked' }]);
        assert.deepEqual(await store.messages('ended'), []);
        assert.deepEqual(await store.messages('nobody'), []);
        assert.deepEqual(await waiting(store, 'parked'), ['m-parked']);
        // Nor does it come later, when there is someone of that name.
        await store.append(creation('nobody'));
        assert.deepEqual(await store.messages('nobody'), []);
      },
    ),
    caseOf(subject, 'an append that is refused posts nothing', async (store) => {
      await store.append(creation('sender', {}, 3));
      await store.append(creation('e1'));
      const messages = [message('m1', 'e1')];
      await rejectsWith(store.append({ ...progress('sender', 1, 1, 2), messages }), 'FENCED');
      await rejectsWith(store.append({ ...progress('sender', 2, 1, 3), messages }), 'VERSION_CONFLICT');
      await rejectsWith(store.append({ ...creation('sender'), messages }), 'ALREADY_EXISTS');
      assert.deepEqual(await store.messages('e1'), []);
      assert.deepEqual(await store.ready(future().at, 100), []);
    }),
    caseOf(subject, 'an execution that ends tells the one that waits for it', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creation('parent'));
      const parent = { execution_id: 'parent', step_id: 'a', attached: true };
      await store.append({ ...creationBy('w1', 'child'), origin: { parent } });
      const woken = await store.append({ ...completion('child', 1), messages: [message('m1', 'parent')] });
      assert.deepEqual(woken, [{ execution_id: 'parent' }]);
      assert.deepEqual(await waiting(store, 'parent'), ['m1']);
      assert.equal((await store.get('child'))?.status, 'success');
    }),
    caseOf(subject, 'one that is created can post along, and so can one without events', async (store) => {
      await store.append(creation('e1'));
      const woken = await store.append({ ...creationAtOnce('new'), messages: [message('m1', 'e1')] });
      assert.deepEqual(byId(woken), [{ execution_id: 'e1' }, { execution_id: 'new' }]);
      await store.append({ ...progress('new', 1, 0), messages: [message('m2', 'e1')] });
      assert.deepEqual(await waiting(store, 'e1'), ['m1', 'm2']);
    }),
    caseOf(subject, 'order and identity count over all ways in which a message comes', async (store) => {
      await store.append(creation('sender'));
      await store.append(creation('e1'));
      await store.post(message('m3', 'e1', 'posted'));
      const messages = [message('m2', 'e1'), message('m3', 'e1', 'again'), message('m1', 'e1')];
      const woken = await store.append({ ...progress('sender', 1), messages });
      assert.deepEqual(woken, [{ execution_id: 'e1' }]);
      await store.post(message('m0', 'e1'));
      assert.deepEqual(await waiting(store, 'e1'), ['m3', 'm2', 'm1', 'm0']);
      assert.equal((await store.messages('e1'))[0]?.body, 'posted');
    }),
    caseOf(subject, 'two that answer each other at the same time lose nothing', async (store, bench) => {
      const other = await bench.companion();
      await store.append(creation('a'));
      await other.append(creation('b'));
      const rounds = 15;
      const talk = async (on: ExecutionStore, from: string, to: string): Promise<void> => {
        for (let seq = 1; seq <= rounds; seq++)
          await on.append({ ...progress(from, seq), messages: [message(`${from}${seq}`, to)] });
      };
      await Promise.all([talk(store, 'a', 'b'), talk(other, 'b', 'a')]);
      const expected = (from: string): string[] =>
        Array.from({ length: rounds }, (_, n) => `${from}${n + 1}`);
      assert.deepEqual(await waiting(store, 'b'), expected('a'));
      assert.deepEqual(await waiting(store, 'a'), expected('b'));
    }),
    caseOf(subject, 'many that tell one at the same time are all heard', async (store, bench) => {
      const other = await bench.companion();
      await store.append(creation('parent'));
      const ids = Array.from({ length: 40 }, (_, n) => `child${n}`);
      await Promise.all(ids.map((id) => store.append(creation(id))));
      const ends = ids.map((id, n) =>
        (n % 2 ? store : other).append({
          ...completion(id, 1),
          messages: [message(`end of ${id}`, 'parent')],
        }),
      );
      await Promise.all(ends);
      assert.deepEqual((await waiting(store, 'parent')).sort(), ids.map((id) => `end of ${id}`).sort());
    }),
  ];
}
