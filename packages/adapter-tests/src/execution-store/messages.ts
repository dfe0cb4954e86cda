import assert from 'node:assert/strict';
import type { JsonValue } from '@vwmp/core';
import type { ExecutionStore } from '@vwmp/core/ports';
import { completion, creation, nastyTexts, progress } from '../samples.ts';
import { type Case, caseOf, rejectsWith, type Subject, tamper } from '../suite.ts';
import {
  abandon,
  behind,
  creationAtOnce,
  creationBy,
  future,
  long,
  message,
  release,
  waiting,
} from './situations.ts';

/** Messages from outside: posting, reading, handling. */
export function messageCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(subject, 'messages are kept as they are, in the order of arrival', async (store) => {
      await store.append(creation('e1'));
      await store.append(creation('e2'));
      const bodies: JsonValue[] = [null, true, 0, 1.5, '', [], {}, { a: [null, { b: 'ü' }] }, ...nastyTexts];
      // Ids that sort differently than they arrive.
      const sent = bodies.map((body, n) => message(`m${(n * 7) % 101}`, 'e1', body));
      for (const each of sent) await store.post(each);
      await store.post(message('other', 'e2'));
      assert.deepEqual(await store.messages('e1'), sent);
      assert.deepEqual(await store.messages('e2'), [message('other', 'e2')]);
      assert.deepEqual(await store.messages('nobody'), []);
    }),
    caseOf(
      subject,
      'a message that waits is there once, however often it is posted',
      async (store, bench) => {
        await store.append(creation('e1'));
        const other = await bench.companion();
        await store.post(message('m1', 'e1', 'first'));
        await store.post(message('m2', 'e1'));
        await other.post(message('m1', 'e1', 'second'));
        await Promise.all([store, other, store].map((each) => each.post(message('m3', 'e1'))));
        assert.deepEqual(await store.messages('e1'), [
          message('m1', 'e1', 'first'),
          message('m2', 'e1'),
          message('m3', 'e1'),
        ]);
      },
    ),
    caseOf(subject, 'there is nobody to post to: unknown or ended', async (store) => {
      await rejectsWith(store.post(message('m1', 'nobody')), 'EXECUTION_NOT_FOUND');
      await store.append(creation('e1'));
      await store.append(completion('e1', 1));
      await rejectsWith(store.post(message('m1', 'e1')), 'EXECUTION_NOT_ACTIVE');
      assert.deepEqual(await store.messages('e1'), []);
      assert.equal(await store.get('nobody'), undefined);
    }),
    caseOf(subject, 'a message wakes what waits for one, or for a time', async (store) => {
      await store.append(creation('parked'));
      await store.append({ ...creation('timed'), wake_at: future().iso });
      assert.deepEqual(await store.post(message('m1', 'parked')), { execution_id: 'parked' });
      assert.deepEqual(await store.post(message('m2', 'timed')), { execution_id: 'timed' });
      assert.deepEqual((await store.ready(behind(), 100)).sort(), ['parked', 'timed']);
      // A second for clocks that do not agree.
      assert.ok((await store.nextReady())! <= Date.now() + 1000);
      await store.heartbeat('w1', long);
      assert.equal((await store.claim('timed', 'w1', behind()))?.owner, 'w1');
    }),
    caseOf(subject, 'a message to what somebody owns names the owner and is its mail', async (store) => {
      await store.heartbeat('w1', long);
      await store.heartbeat('w2', long);
      await store.append(creationBy('w1', 'e1'));
      await store.append(creationBy('w1', 'e2'));
      await store.append(creationBy('w2', 'e3'));
      assert.deepEqual(await store.mail('w1'), []);
      assert.deepEqual(await store.post(message('m1', 'e1')), { execution_id: 'e1', owner: 'w1' });
      assert.deepEqual(await store.post(message('m2', 'e1')), { execution_id: 'e1', owner: 'w1' });
      await store.post(message('m3', 'e3'));
      assert.deepEqual(await store.ready(Date.now(), 100), []);
      assert.deepEqual(await store.mail('w1'), ['e1']);
      assert.deepEqual(await store.mail('w2'), ['e3']);
      assert.deepEqual(await store.mail('nobody'), []);
      await store.append({ ...progress('e1', 1), handled: ['m1'] });
      assert.deepEqual(await store.mail('w1'), ['e1']);
      await store.append({ ...progress('e1', 2), handled: ['m2'] });
      assert.deepEqual(await store.mail('w1'), []);
    }),
    caseOf(subject, 'a message to what an owner left behind names nobody', async (store) => {
      await abandon(store, 'e1');
      assert.deepEqual(await store.post(message('m1', 'e1')), { execution_id: 'e1' });
      assert.deepEqual(await store.ready(Date.now(), 100), ['e1']);
      await store.heartbeat('w1', long);
      assert.equal((await store.claim('e1', 'w1', Date.now()))?.owner, 'w1');
      // What came while nobody looked is there for the next owner.
      assert.deepEqual(await waiting(store, 'e1'), ['m1']);
      assert.deepEqual(await store.mail('w1'), ['e1']);
    }),
    caseOf(
      subject,
      'what came during ownership makes it ready at once when it is given back',
      async (store) => {
        await store.heartbeat('w1', long);
        for (const id of ['e1', 'e2', 'e3']) {
          await store.append(creationBy('w1', id));
          await store.post(message(`m-${id}`, id));
        }
        assert.deepEqual(await store.append(release('e1', 1, { wake_at: null })), [{ execution_id: 'e1' }]);
        assert.deepEqual(await store.append(release('e2', 1, { wake_at: future().iso })), [
          { execution_id: 'e2' },
        ]);
        // Not for this one: what it was sent is handled by the same append.
        assert.deepEqual(await store.append(release('e3', 1, { wake_at: null, handled: ['m-e3'] })), []);
        assert.deepEqual((await store.ready(behind(), 100)).sort(), ['e1', 'e2']);
        assert.deepEqual(await store.messages('e3'), []);
      },
    ),
    caseOf(subject, 'messages go with the append that handled them, and only those', async (store) => {
      await store.append(creation('e1'));
      await store.append(creation('e2'));
      for (const id of ['m1', 'm2', 'm3', 'm4']) await store.post(message(id, 'e1'));
      await store.post(message('m5', 'e2'));
      await store.append({ ...progress('e1', 1), handled: ['m3', 'm1', 'm3', 'unknown'] });
      assert.deepEqual(await waiting(store, 'e1'), ['m2', 'm4']);
      await store.append({ ...progress('e1', 2, 0), handled: ['m2'] });
      assert.deepEqual(await waiting(store, 'e1'), ['m4']);
      await store.append({ ...progress('e1', 2), handled: [] });
      // It has no business with what another one was sent.
      await store.append({ ...progress('e1', 3), handled: ['m5'] });
      assert.deepEqual(await waiting(store, 'e1'), ['m4']);
      assert.deepEqual(await waiting(store, 'e2'), ['m5']);
    }),
    caseOf(subject, 'an append that is refused handles nothing', async (store) => {
      await store.append(creation('e1', {}, 3));
      await store.post(message('m1', 'e1'));
      await rejectsWith(store.append({ ...progress('e1', 1, 1, 2), handled: ['m1'] }), 'FENCED');
      await rejectsWith(store.append({ ...progress('e1', 7, 1, 3), handled: ['m1'] }), 'VERSION_CONFLICT');
      await rejectsWith(store.append({ ...creation('e1'), handled: ['m1'] }), 'ALREADY_EXISTS');
      await assert.rejects(
        store.append({ ...progress('e1', 1, 1, 3), events: progress('e1', 4).events, handled: ['m1'] }),
        TypeError,
      );
      assert.deepEqual(await waiting(store, 'e1'), ['m1']);
    }),
    caseOf(subject, 'an execution that ends takes its messages with it', async (store) => {
      await store.heartbeat('w1', long);
      await store.append(creationBy('w1', 'e1'));
      await store.post(message('m1', 'e1'));
      await store.append(completion('e1', 1));
      assert.deepEqual(await store.messages('e1'), []);
      assert.deepEqual(await store.mail('w1'), []);
      // Nor are they there when it goes on.
      await store.append({ ...progress('e1', 2), owner: null, wake_at: null });
      assert.deepEqual(await store.messages('e1'), []);
      assert.deepEqual(await store.ready(future().at, 100), []);
      await store.post(message('m1', 'e1'));
      assert.deepEqual(await waiting(store, 'e1'), ['m1']);
    }),
    caseOf(
      subject,
      'of messages that are posted while others are handled none is lost',
      async (store, bench) => {
        const other = await bench.companion();
        await store.heartbeat('w1', long);
        await store.append(creationBy('w1', 'e1'));
        const sent = Array.from({ length: 60 }, (_, n) => `m${n}`);
        const posting = Promise.all(sent.map((id, n) => (n % 2 ? store : other).post(message(id, 'e1'))));
        const seen: string[] = [];
        let seq = 1;
        await bench.until('every message has come', async () => {
          const found = await waiting(store, 'e1');
          seen.push(...found);
          if (found.length > 0) await store.append({ ...progress('e1', seq++), handled: found });
          return seen.length >= sent.length;
        });
        await posting;
        assert.deepEqual(seen.sort(), sent.sort());
        assert.deepEqual(await store.messages('e1'), []);
      },
    ),
    caseOf(
      subject,
      'an inbox that is full takes no more from outside, and all from executions',
      async (store) => {
        await store.append(creation('e1'));
        await store.append(creation('e2'));
        const most = Array.from({ length: 10_000 }, (_, n) => message(`m${n}`, 'e1', n));
        for (let from = 0; from < most.length; from += 2000) {
          const seq = 1 + from / 2000;
          await store.append({ ...progress('e2', seq), messages: most.slice(from, from + 2000) });
        }
        await rejectsWith(store.post(message('one more', 'e1')), 'INBOX_FULL');
        // This one is not more.
        await store.post(message('m5', 'e1'));
        await store.append({ ...progress('e2', 6), messages: [message('from e2', 'e1')] });
        await rejectsWith(store.post(message('one more', 'e1')), 'INBOX_FULL');
        const all = await store.messages('e1');
        assert.equal(all.length, 10_001);
        assert.deepEqual(all.slice(0, 10_000), most);
        assert.equal(all.at(-1)?.id, 'from e2');
        await store.append({ ...progress('e1', 1), handled: ['m0', 'm9999'] });
        await store.post(message('one more', 'e1'));
        assert.equal((await store.messages('e1')).length, 10_000);
      },
    ),
    caseOf(subject, 'a message can be large', async (store) => {
      await store.append(creation('e1'));
      const body = { text: 'ü€😀'.repeat(300_000) };
      await store.post(message('m1', 'e1', body));
      await store.post(message('m2', 'e1'));
      assert.deepEqual(await store.messages('e1'), [message('m1', 'e1', body), message('m2', 'e1')]);
      await store.append({ ...progress('e1', 1), handled: ['m1'] });
      assert.deepEqual(await waiting(store, 'e1'), ['m2']);
    }),
    caseOf(subject, 'a message that was given in or out can be changed without harm', async (store) => {
      await store.append(creation('e1'));
      const given = message('m1', 'e1', { a: [1] });
      await store.post(given);
      tamper(() => Object.assign(given, { body: 'changed' }));
      const [read] = await store.messages('e1');
      tamper(() => Object.assign(read!, { body: 'changed' }));
      tamper(() => Object.assign((read!.body as object) ?? {}, { a: 'changed' }));
      assert.deepEqual(await store.messages('e1'), [message('m1', 'e1', { a: [1] })]);
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'messages are there for the next one that opens', async (store, bench) => {
            await store.append(creation('e1'));
            await store.append(creationAtOnce('e2'));
            for (const id of ['m2', 'm1', 'm3']) await store.post(message(id, 'e1'));
            await store.append({ ...progress('e1', 1), handled: ['m1'] });
            await store.append({ ...progress('e2', 1), messages: [message('m4', 'e1')] });
            await store.close();
            const next = await bench.another();
            assert.deepEqual(await waiting(next, 'e1'), ['m2', 'm3', 'm4']);
            await next.append({ ...progress('e1', 2), handled: ['m2', 'm4'] });
            await next.post(message('m5', 'e1'));
            assert.deepEqual(await waiting(next, 'e1'), ['m3', 'm5']);
            assert.deepEqual((await next.ready(behind(), 100)).sort(), ['e1', 'e2']);
          }),
        ]
      : []),
  ];
}
