import assert from 'node:assert/strict';
import { hasCode, type JsonValue, type StoredEvent } from '@vwmp/core';
import type { ExecutionStore, Origin } from '@vwmp/core/ports';
import {
  completion,
  creation,
  nastyNames,
  nastyTexts,
  progress,
  sampleDocument,
  second,
  summaryOf,
} from '../samples.ts';
import { type Case, caseOf, collect, rejectsWith, type Subject, tamper } from '../suite.ts';

/** Appending, fencing and reading back. */
export function appendCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(subject, 'what was appended is read back as it was', async (store) => {
      const first = creation('e1');
      const second = progress('e1', 1, 3);
      await store.append(first);
      await store.append(second);
      assert.deepEqual(await collect(store.events('e1')), [...first.events, ...second.events]);
      const record = { ...summaryOf('e1'), seq: 4, epoch: 1, document: sampleDocument };
      assert.deepEqual(await store.get('e1'), record);
    }),
    caseOf(subject, 'an unknown execution has no record and no events', async (store) => {
      assert.equal(await store.get('nobody'), undefined);
      assert.deepEqual(await collect(store.events('nobody')), []);
    }),
    caseOf(subject, 'events are read from where one wants', async (store) => {
      await store.append(creation('e1'));
      await store.append(progress('e1', 1, 5));
      const seqs = async (after: number) => (await collect(store.events('e1', after))).map(({ seq }) => seq);
      assert.deepEqual(await seqs(4), [5, 6]);
      assert.deepEqual(await seqs(6), []);
      assert.deepEqual(await seqs(60), []);
    }),
    caseOf(subject, 'reading of events can be left at any point', async (store) => {
      await store.append(creation('e1'));
      await store.append(progress('e1', 1, 5));
      for await (const event of store.events('e1')) if (event.seq === 2) break;
      const abandoned = store.events('e1')[Symbol.asyncIterator]();
      assert.equal((await abandoned.next()).value.seq, 1);
    }),
    caseOf(subject, 'creating what is there is refused', async (store) => {
      await store.append(creation('e1'));
      await rejectsWith(store.append(creation('e1')), 'ALREADY_EXISTS');
      await rejectsWith(store.append(creation('e1', {}, 7)), 'ALREADY_EXISTS');
      assert.equal((await store.get('e1'))?.epoch, 1);
    }),
    caseOf(
      subject,
      'an append that is not based on the last event is refused and changes nothing',
      async (store) => {
        await store.append(creation('e1'));
        await store.append(progress('e1', 1, 2));
        await rejectsWith(store.append(progress('e1', 1)), 'VERSION_CONFLICT');
        await rejectsWith(store.append(progress('e1', 4)), 'VERSION_CONFLICT');
        await rejectsWith(store.append(progress('nobody', 2)), 'VERSION_CONFLICT');
        assert.equal((await collect(store.events('e1'))).length, 3);
        assert.equal(await store.get('nobody'), undefined);
      },
    ),
    caseOf(subject, 'an owner is shut out as soon as a later one was seen', async (store) => {
      await store.append(creation('e1'));
      await store.append(progress('e1', 1, 1, 3));
      await rejectsWith(store.append(progress('e1', 2, 1, 2)), 'FENCED');
      await rejectsWith(store.append(progress('e1', 1, 1, 2)), 'FENCED');
      await store.append(progress('e1', 2, 1, 3));
      assert.deepEqual(pick(await store.get('e1')), { seq: 3, epoch: 3 });
    }),
    caseOf(subject, 'an append without events raises the epoch and replaces the summary', async (store) => {
      await store.append(creation('e1'));
      const summary = summaryOf('e1', { status: 'waiting' });
      await store.append({ summary, expected_seq: 1, epoch: 5, events: [] });
      assert.deepEqual(await store.get('e1'), { ...summary, seq: 1, epoch: 5, document: sampleDocument });
      await rejectsWith(store.append(progress('e1', 1, 1, 4)), 'FENCED');
    }),
    caseOf(subject, 'an execution that ended may go on', async (store) => {
      await store.append(creation('e1'));
      await store.append(completion('e1', 1));
      await store.append(progress('e1', 2));
      assert.equal((await store.get('e1'))?.status, 'running');
      assert.equal((await store.get('e1'))?.completed_at, undefined);
    }),
    caseOf(
      subject,
      'of appends at the same time to the same place exactly one wins',
      async (store, bench) => {
        const other = subject.durable ? await bench.another() : store;
        await store.append(creation('e1'));
        for (let seq = 1; seq <= 10; seq++) {
          const tries = [store, other, store, other].map((each) => each.append(progress('e1', seq)));
          const outcomes = await Promise.allSettled(tries);
          assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
          for (const outcome of outcomes) {
            if (outcome.status === 'rejected') assert.ok(hasCode(outcome.reason, 'VERSION_CONFLICT'));
          }
          assert.equal((await collect(other.events('e1'))).length, seq + 1);
        }
      },
    ),
    caseOf(subject, 'appends in a row need not wait for each other', async (store) => {
      const appends = [
        creation('e1'),
        ...Array.from({ length: 50 }, (_, index) => progress('e1', index + 1)),
      ];
      await Promise.all(appends.map((append) => store.append(append)));
      const seqs = (await collect(store.events('e1'))).map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        Array.from({ length: 51 }, (_, index) => index + 1),
      );
    }),
    caseOf(subject, 'many executions do not get into each others way', async (store) => {
      const ids = Array.from({ length: 60 }, (_, index) => `e${index}`);
      await Promise.all(ids.map((id) => store.append(creation(id))));
      await Promise.all(ids.map((id) => store.append(progress(id, 1, 3))));
      for (const id of ids) {
        const events = await collect(store.events(id));
        assert.equal(events.length, 4);
        assert.ok(events.every(({ execution_id }) => execution_id === id));
      }
    }),
    caseOf(subject, 'ids are kept apart, whatever stands in them', async (store) => {
      for (const id of nastyNames) await store.append({ ...creation(id), wake_at: undefined });
      for (const [n, id] of nastyNames.entries()) await store.append(progress(id, 1, (n % 3) + 1));
      for (const [n, id] of nastyNames.entries()) {
        const { id: read, seq } = (await store.get(id))!;
        assert.deepEqual({ read, seq }, { read: id, seq: (n % 3) + 2 });
        assert.ok((await collect(store.events(id))).every(({ execution_id }) => execution_id === id));
      }
      const listed = (await store.list()).results.map(({ id }) => id);
      assert.deepEqual(listed.sort(), [...nastyNames].sort());
      assert.deepEqual((await store.ready(Date.now(), 100)).sort(), [...nastyNames].sort());
    }),
    caseOf(subject, 'what an execution was given when it was created stays for good', async (store) => {
      const origin: Origin = {
        idempotency_key: 'key',
        parent: { execution_id: 'p1', step_id: 'a', index: 3, attached: true },
        depth: 2,
        retry_of: 'e0',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        concurrency: { key: 'k', limit: 3, policy: 'queue' },
        priority: 7,
        sealed: 'ÄÖ+/='.repeat(1000),
      };
      await store.append({ ...creation('e1'), origin });
      await store.append({ ...creation('e2'), origin: {} });
      await store.append(creation('e3'));
      await store.append({ ...progress('e1', 1), origin: { depth: 9 }, document: undefined });
      assert.deepEqual((await store.get('e1'))?.origin, origin);
      assert.deepEqual((await store.get('e2'))?.origin ?? {}, {});
      assert.equal((await store.get('e3'))?.origin, undefined);
    }),
    caseOf(subject, 'executions keep the document that they started with', async (store) => {
      const documents = [1, 2, 1].map((n) => ({ ...sampleDocument, name: `Version ${n}` }));
      for (const [n, document] of documents.entries()) await store.append({ ...creation(`e${n}`), document });
      await store.append({ ...progress('e0', 1), document: documents[1] });
      for (const [n, document] of documents.entries())
        assert.deepEqual((await store.get(`e${n}`))?.document, document);
    }),
    caseOf(subject, 'no text is lost or changed, whatever stands in it', async (store) => {
      const document = { ...sampleDocument, description: nastyTexts.join('|') };
      const error = { code: 'HANDLER_ERROR', message: nastyTexts.join('|').slice(0, 1000) };
      await store.append({ ...creation('e1'), document });
      const output = {
        list: [...nastyTexts],
        nested: Object.fromEntries(nastyTexts.map((text) => [text, text])),
      };
      const step = { ...progress('e1', 1).events[0]!, output } as StoredEvent;
      await store.append({ ...progress('e1', 1), events: [step] });
      const end = completion('e1', 2, { status: 'failed', error });
      await store.append(end);
      assert.deepEqual((await collect(store.events('e1')))[1], step);
      const record = (await store.get('e1'))!;
      assert.deepEqual(record.document, document);
      assert.deepEqual(record.error, error);
      assert.deepEqual((await store.list()).results, [end.summary]);
    }),
    caseOf(subject, 'values are kept as they are, large and deep ones, too', async (store) => {
      let deep: JsonValue = 'bottom';
      for (let depth = 0; depth < 60; depth++) deep = depth % 2 ? [deep] : { a: deep };
      const outputs: JsonValue[] = [
        null,
        0,
        -1.5e-9,
        Number.MAX_SAFE_INTEGER,
        1e300,
        deep,
        Array.from({ length: 100_000 }, (_, n) => n),
        'ü€😀\n'.repeat(600_000),
      ];
      await store.append(creation('e1'));
      await store.append(creation('e2'));
      for (const [index, output] of outputs.entries()) {
        const event = { ...progress('e1', index + 1).events[0]!, output } as StoredEvent;
        await store.append({ ...progress('e1', index + 1), events: [event] });
      }
      const events = await collect(store.events('e1'));
      const read = events.slice(1).map((event) => (event as { output?: JsonValue }).output);
      // Text by text: a difference in megabytes takes minutes to show.
      for (const [index, output] of outputs.entries())
        assert.ok(JSON.stringify(read[index]) === JSON.stringify(output), `output ${index}`);
      assert.equal((await store.list()).count, 2);
      assert.equal((await store.get('e1'))?.seq, outputs.length + 1);
    }),
    caseOf(subject, 'one append can hold thousands of events, or none', async (store) => {
      await store.append(creation('e1'));
      await store.append(progress('e1', 1, 3000));
      await store.append(progress('e1', 3001, 0));
      assert.equal((await collect(store.events('e1', 2990))).length, 11);
      assert.equal((await store.get('e1'))?.seq, 3001);
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const first = creation('e1');
      const append = {
        ...first,
        document: structuredClone(sampleDocument),
        events: structuredClone(first.events),
      };
      await store.append(append);
      tamper(() => Object.assign(append.document, { name: 'changed' }));
      tamper(() => Object.assign(append.events[0]!, { seq: 99 }));
      tamper(() => Object.assign(append.summary, { status: 'failed' }));
      const record = (await store.get('e1'))!;
      assert.equal(record.document.name, 'Sample');
      assert.equal(record.status, 'running');
      tamper(() => Object.assign(record.document, { name: 'changed' }));
      tamper(() => Object.assign(record, { status: 'failed' }));
      const events = await collect(store.events('e1'));
      tamper(() => Object.assign(events[0]!, { seq: 99 }));
      const listed = (await store.list()).results;
      tamper(() => Object.assign(listed[0]!, { status: 'failed' }));
      assert.deepEqual(await store.get('e1'), {
        ...summaryOf('e1'),
        seq: 1,
        epoch: 1,
        document: sampleDocument,
      });
      assert.deepEqual(await collect(store.events('e1')), first.events);
      assert.deepEqual((await store.list()).results, [summaryOf('e1')]);
    }),
    caseOf(subject, 'an append that contradicts itself is a mistake of the caller', async (store) => {
      await assert.rejects(store.append({ ...creation('e1'), document: undefined }), TypeError);
      await assert.rejects(store.append({ ...creation('e1'), events: [] }), TypeError);
      await assert.rejects(store.append({ ...creation('e1'), events: progress('e1', 1).events }), TypeError);
      assert.equal(await store.get('e1'), undefined);
    }),
    ...(subject.durable ? durableCases(subject) : []),
  ];
}

function durableCases(subject: Subject<ExecutionStore>): Case[] {
  return [
    caseOf(subject, 'everything is there for the next one that opens', async (store, bench) => {
      await store.append(creation('e1'));
      await store.append(progress('e1', 1, 2, 4));
      await store.append(creation('e2', { started_at: second(5) }));
      await store.close();
      const next = await bench.another();
      assert.deepEqual(pick(await next.get('e1')), { seq: 3, epoch: 4 });
      assert.equal((await collect(next.events('e1'))).length, 3);
      assert.deepEqual(
        (await next.list()).results.map(({ id }) => id),
        ['e2', 'e1'],
      );
      await rejectsWith(next.append(progress('e1', 3, 1, 3)), 'FENCED');
      await next.append(progress('e1', 3, 1, 4));
    }),
    caseOf(subject, 'two at a time see what the other one did', async (store, bench) => {
      const other = await bench.another();
      await store.append(creation('e1'));
      assert.equal((await other.list()).count, 1);
      await other.append(progress('e1', 1, 1, 2));
      await rejectsWith(store.append(progress('e1', 2)), 'FENCED');
      await rejectsWith(store.append(creation('e1')), 'ALREADY_EXISTS');
      await other.append({ ...completion('e1', 2), epoch: 2 });
      assert.equal((await store.list({ status: ['success'] })).count, 1);
      assert.equal((await collect(store.events('e1'))).length, 3);
    }),
  ];
}

function pick(record: { seq: number; epoch: number } | undefined): unknown {
  return record && { seq: record.seq, epoch: record.epoch };
}
