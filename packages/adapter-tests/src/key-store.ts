import assert from 'node:assert/strict';
import type { KeyRecord, KeyStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { nastyTexts, second } from './samples.ts';
import { type Case, caseOf, rejectsWith, type Subject, tamper } from './suite.ts';

/** Everything that a {@link KeyStore} has to pass. */
export function keyStoreSuite(subject: Subject<KeyStore>): Case[] {
  const uses: Uses<KeyStore> = {
    add: (store) => store.add(keyOf('a')),
    get: (store) => store.get('a'),
    list: (store) => store.list(),
    revoke: (store) => store.revoke('a', second(1)),
    used: (store) => store.used('a', second(1)),
  };
  return [...keyStoreCases(subject), ...lifecycleCases(subject, uses)];
}

/** A key for tests; what is given goes before what it has. */
export function keyOf(id: string, given: Partial<KeyRecord> = {}): KeyRecord {
  return { id, name: `key ${id}`, role: 'editor', hash: `hash of ${id}`, created_at: second(0), ...given };
}

function keyStoreCases(subject: Subject<KeyStore>): Case[] {
  return [
    caseOf(subject, 'a key is found by its id as it was added', async (store) => {
      assert.equal(await store.get('a'), undefined);
      const plain = keyOf('a');
      const full = keyOf('b', { role: 'admin', expires_at: second(9), last_used_at: second(1) });
      await store.add(plain);
      await store.add(full);
      assert.deepEqual(await store.get('a'), plain);
      assert.deepEqual(await store.get('b'), full);
      for (const id of ['', 'A', 'a ', 'ab', '%', 'hash of a']) assert.equal(await store.get(id), undefined);
    }),
    caseOf(subject, 'texts come back as they were given', async (store) => {
      for (const [index, name] of nastyTexts.entries()) await store.add(keyOf(`n${index}`, { name }));
      for (const [index, name] of nastyTexts.entries())
        assert.equal((await store.get(`n${index}`))?.name, name);
    }),
    caseOf(subject, 'of several that add the same id one does, and its key stays', async (store, bench) => {
      const other = await bench.companion();
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).add(keyOf('same', { name: `n${n}` }))),
      );
      const done = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
      assert.equal(done.length, 1);
      await rejectsWith(store.add(keyOf('same', { hash: 'another' })), 'ALREADY_EXISTS');
      assert.deepEqual(await store.get('same'), keyOf('same', { name: `n${done[0]}` }));
    }),
    caseOf(subject, 'keys are listed by id, in pages', async (store) => {
      assert.deepEqual(await store.list(), { results: [], count: 0 });
      for (const id of ['c', 'a', 'e', 'b', 'd']) await store.add(keyOf(id));
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 2, ...(cursor && { cursor }) });
        assert.equal(page.count, 5);
        assert.ok(page.results.length <= 2);
        ids.push(...page.results.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      assert.deepEqual(ids, ['a', 'b', 'c', 'd', 'e']);
      assert.deepEqual((await store.list()).results[0], keyOf('a'));
    }),
    caseOf(subject, 'a revoked key stays, revoked since the first time', async (store, bench) => {
      const other = await bench.companion();
      await store.add(keyOf('a'));
      await store.add(keyOf('b'));
      const revoked = keyOf('a', { revoked_at: second(5) });
      assert.deepEqual(await store.revoke('a', second(5)), revoked);
      assert.deepEqual(await other.get('a'), revoked);
      assert.deepEqual(await other.revoke('a', second(7)), revoked);
      assert.deepEqual(await store.revoke('a', second(2)), revoked);
      assert.deepEqual((await other.list()).results, [revoked, keyOf('b')]);
      assert.equal(await store.revoke('nobody', second(1)), undefined);
      assert.equal((await store.list()).count, 2);
    }),
    caseOf(subject, 'the last use is noted and never goes back', async (store) => {
      await store.add(keyOf('a'));
      await store.add(keyOf('b'));
      await store.used('a', second(3));
      await store.used('a', second(5));
      await store.used('a', second(4));
      assert.deepEqual(await store.get('a'), keyOf('a', { last_used_at: second(5) }));
      assert.deepEqual(await store.get('b'), keyOf('b'));
      await store.used('nobody', second(1));
      assert.equal(await store.get('nobody'), undefined);
      await store.revoke('a', second(6));
      await store.used('a', second(7));
      assert.deepEqual(await store.get('a'), keyOf('a', { last_used_at: second(7), revoked_at: second(6) }));
    }),
    caseOf(subject, 'what is done to different keys at once is all done', async (store, bench) => {
      const other = await bench.companion();
      const ids = Array.from({ length: 12 }, (_, n) => `k${String(n).padStart(2, '0')}`);
      await Promise.all(ids.map((id, n) => (n % 2 ? store : other).add(keyOf(id))));
      await Promise.all(
        ids.map((id, n) =>
          n % 3 ? (n % 2 ? other : store).used(id, second(n)) : store.revoke(id, second(n)),
        ),
      );
      const expected = ids.map((id, n) =>
        keyOf(id, n % 3 ? { last_used_at: second(n) } : { revoked_at: second(n) }),
      );
      assert.deepEqual((await store.list()).results, expected);
    }),
    caseOf(subject, 'what was given in or out can be changed without harm', async (store) => {
      const given = keyOf('a');
      await store.add(given);
      tamper(() => Object.assign(given, { role: 'admin' }));
      const got = (await store.get('a'))!;
      tamper(() => Object.assign(got, { role: 'admin' }));
      const listed = (await store.list()).results;
      tamper(() => Object.assign(listed[0]!, { role: 'admin' }));
      assert.deepEqual(await store.get('a'), keyOf('a'));
    }),
    ...(subject.durable
      ? [
          caseOf(subject, 'everything is there for the next one that opens', async (store, bench) => {
            await store.add(keyOf('a', { expires_at: second(9) }));
            await store.used('a', second(1));
            await store.revoke('a', second(2));
            await store.close();
            const times = { expires_at: second(9), last_used_at: second(1), revoked_at: second(2) };
            assert.deepEqual(await (await bench.another()).get('a'), keyOf('a', times));
          }),
        ]
      : []),
  ];
}
