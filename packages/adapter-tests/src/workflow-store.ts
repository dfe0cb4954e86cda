import assert from 'node:assert/strict';
import type { WorkflowQuery, WorkflowStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { draftOf } from './samples.ts';
import { type Case, caseOf, rejectsWith, type Subject, tamper } from './suite.ts';

/** Everything that a {@link WorkflowStore} has to pass. */
export function workflowStoreSuite(subject: Subject<WorkflowStore>): Case[] {
  const uses: Uses<WorkflowStore> = {
    get: (store) => store.get('w1'),
    list: (store) => store.list(),
    save: (store) => store.save(draftOf('w1'), undefined),
    remove: (store) => store.remove('w1', 'rev'),
    versions: (store) => store.versions('w1'),
  };
  return [...workflowStoreCases(subject), ...lifecycleCases(subject, uses)];
}

function workflowStoreCases(subject: Subject<WorkflowStore>): Case[] {
  const ids = async (store: WorkflowStore, query?: WorkflowQuery): Promise<string[]> =>
    (await store.list(query)).results.map(({ id }) => id);

  return [
    caseOf(subject, 'what was saved is read back as it was', async (store) => {
      const draft = draftOf('one', { name: 'Ünï', type: 'special', version: '2.1.0' });
      const saved = await store.save(draft, undefined);
      const { rev, updated_at, ...rest } = saved;
      assert.deepEqual(rest, draft);
      assert.ok(rev.length > 0);
      assert.equal(new Date(updated_at).toISOString(), updated_at);
      assert.deepEqual(await store.get('one'), saved);
      assert.deepEqual((await store.list()).results, [saved]);
    }),
    caseOf(subject, 'text is kept to the last character', async (store) => {
      const { text } = draftOf('one');
      for (const [index, kept] of [
        text.replaceAll('\n', '\r\n'),
        `${text}\n\n# end`,
        text.trimEnd(),
      ].entries()) {
        const current = await store.get('one');
        const { rev } = await store.save(draftOf('one', { text: kept }), current?.rev);
        const record = await store.get('one');
        assert.equal(record?.text, kept, `text ${index}`);
        assert.equal(record?.rev, rev);
      }
    }),
    caseOf(subject, 'an unknown document is not there', async (store) => {
      assert.equal(await store.get('nobody'), undefined);
      assert.deepEqual(await store.versions('nobody'), { results: [], count: 0 });
      assert.deepEqual(await store.list(), { results: [], count: 0 });
    }),
    caseOf(subject, 'creating over something is refused', async (store) => {
      const saved = await store.save(draftOf('one'), undefined);
      await rejectsWith(store.save(draftOf('one', { note: 'other' }), undefined), 'ALREADY_EXISTS');
      assert.deepEqual(await store.get('one'), saved);
    }),
    caseOf(subject, 'saving something that is not there is refused', async (store) => {
      await rejectsWith(store.save(draftOf('one'), 'some-rev'), 'NOT_FOUND');
      assert.equal(await store.get('one'), undefined);
    }),
    caseOf(subject, 'only what is based on the current rev is saved', async (store) => {
      const first = await store.save(draftOf('one', { note: '1' }), undefined);
      const second = await store.save(draftOf('one', { note: '2' }), first.rev);
      assert.notEqual(second.rev, first.rev);
      await rejectsWith(store.save(draftOf('one', { note: '3' }), first.rev), 'REV_CONFLICT');
      assert.equal((await store.get('one'))?.text, second.text);
      await store.save(draftOf('one', { note: '3' }), second.rev);
    }),
    caseOf(
      subject,
      'of changes to the same rev at the same time exactly one is saved',
      async (store, bench) => {
        const other = subject.durable ? await bench.another() : store;
        const creations = [store, other, store].map((each, n) =>
          each.save(draftOf('one', { note: `${n}` }), undefined),
        );
        const created = await winner(creations);
        const changes = [store, other, store].map((each, n) =>
          each.save(draftOf('one', { note: `b${n}` }), created.rev),
        );
        const changed = await winner(changes);
        assert.equal((await store.get('one'))?.text, changed.text);
      },
    ),
    caseOf(subject, 'removing needs the current rev', async (store) => {
      const first = await store.save(draftOf('one'), undefined);
      const second = await store.save(draftOf('one', { note: 'b' }), first.rev);
      await rejectsWith(store.remove('one', first.rev), 'REV_CONFLICT');
      await store.remove('one', second.rev);
      assert.equal(await store.get('one'), undefined);
      assert.deepEqual(await ids(store), []);
      await rejectsWith(store.remove('one', second.rev), 'NOT_FOUND');
      await store.save(draftOf('one'), undefined);
    }),
    caseOf(subject, 'lists are in the order of ids, in pages without gap or double', async (store) => {
      for (const id of ['c', 'a', 'e', 'b', 'd']) await store.save(draftOf(id), undefined);
      const first = await store.list({ limit: 2 });
      assert.deepEqual(
        first.results.map(({ id }) => id),
        ['a', 'b'],
      );
      assert.equal(first.count, 5);
      const next = await store.list({ limit: 2, cursor: first.next_cursor! });
      assert.deepEqual(
        next.results.map(({ id }) => id),
        ['c', 'd'],
      );
      const last = await store.list({ limit: 2, cursor: next.next_cursor! });
      assert.deepEqual(
        last.results.map(({ id }) => id),
        ['e'],
      );
      assert.equal(last.next_cursor, undefined);
    }),
    caseOf(subject, 'lists are narrowed by type and by text, whatever the case', async (store) => {
      await store.save(draftOf('one', { name: 'Nightly Report', type: 'special' }), undefined);
      await store.save(draftOf('two', { note: 'sends a REPORT' }), undefined);
      await store.save(draftOf('three'), undefined);
      assert.deepEqual(await ids(store, { type: 'special' }), ['one']);
      assert.deepEqual(await ids(store, { q: 'report' }), ['one', 'two']);
      assert.deepEqual(await ids(store, { q: 'THREE' }), ['three']);
      assert.deepEqual(await ids(store, { q: 'report', type: 'generic' }), ['two']);
      assert.equal((await store.list({ q: 'report', limit: 1 })).count, 2);
      assert.deepEqual(await ids(store, { q: '.*' }), []);
    }),
    caseOf(subject, 'the current version is the first of the versions', async (store) => {
      const first = await store.save(draftOf('one', { note: '1' }), undefined);
      const second = await store.save(draftOf('one', { note: '2' }), first.rev);
      const { results, count } = await store.versions('one');
      assert.deepEqual(results[0], second);
      assert.equal(results.length, count);
      if (count > 1) assert.deepEqual(results, [second, first]);
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const draft = draftOf('one');
      const { text } = draft;
      const saved = await store.save(draft, undefined);
      tamper(() => Object.assign(draft, { text: 'changed' }));
      tamper(() => Object.assign(saved, { text: 'changed' }));
      const record = (await store.get('one'))!;
      assert.equal(record.text, text);
      tamper(() => Object.assign(record, { text: 'changed' }));
      assert.equal((await store.get('one'))?.text, text);
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'everything is there for the next one that opens', async (store, bench) => {
            const saved = await store.save(draftOf('one'), undefined);
            await store.close();
            const next = await bench.another();
            assert.deepEqual(await next.get('one'), saved);
            await next.save(draftOf('one', { note: 'b' }), saved.rev);
          }),
        ]
      : []),
  ];
}

async function winner<T>(tries: Promise<T>[]): Promise<T> {
  const won = (await Promise.allSettled(tries)).filter((outcome) => outcome.status === 'fulfilled');
  assert.equal(won.length, 1);
  return won[0]!.value;
}
