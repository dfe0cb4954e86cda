import { completion, creation } from '@vwmp/adapter-tests/samples';
import { expect, test } from 'vitest';
import { drivers } from '../testing/drivers.ts';
import { sqlitePlace } from '../testing/place.ts';

test.each(drivers)(
  'a search is answered by %s, however long or odd it is, and whatever is there',
  async (driver) => {
    const { make, dispose } = sqlitePlace({ driver });
    const storage = make();
    await storage.open();
    const { executions } = storage;
    const ids = Array.from({ length: 1500 }, (_, n) => `${n % 2 ? 'Flow' : 'flow'}-${n}`);
    await Promise.all(ids.map((id) => executions.append(creation(id, { workflow_id: `Work${id}` }))));
    await Promise.all(ids.map((id) => executions.append(creation(`b${id}`, { workflow_id: `work${id}` }))));
    const error = { code: 'HANDLER_ERROR', message: 'word '.repeat(199) };
    await executions.append(completion('flow-0', 1, { workflow_id: 'Workflow-0', status: 'failed', error }));
    await executions.append(creation('odd', { workflow_id: 'a\u0308' }));

    const found = async (q: string) => (await executions.list({ q, limit: 1 })).count;
    expect(await found('work')).toBe(3000);
    expect(await found('WORKFLOW-1')).toBe(2 * (1 + 10 + 100 + 500));
    expect(await found('flow')).toBe(1500);
    expect(await found('a')).toBe(0);
    expect(await found('ä')).toBe(1);
    expect(await found('word '.repeat(100_000))).toBe(1);
    expect(await found(Array.from({ length: 20_000 }, (_, n) => `w${n}`).join(' '))).toBe(0);
    for (const q of [
      '\0',
      '\ud83d',
      '\u{10ffff}',
      '" OR 1=1',
      'NEAR(a b)',
      'word*',
      '^word',
      'a:b',
      '-word',
      '(',
      "'",
    ])
      expect(await found(q), q).toBeLessThanOrEqual(1);
    await storage.close();
    await dispose();
  },
);

test.each(drivers)(
  'texts that no database holds as they are come back from %s as they were',
  async (driver) => {
    const { make, dispose } = sqlitePlace({ driver });
    const storage = make();
    await storage.open();
    const { executions } = storage;
    const odd = ['\ud83d', '\ud83e', 'a\0b', 'a\0c', '\u{10ffff}', '\u{10ffff}"\ud83d"'];
    for (const text of odd) {
      const error = { code: 'HANDLER_ERROR', message: text };
      await executions.append({
        ...creation(text, { workflow_id: text }),
        origin: { idempotency_key: text },
      });
      await executions.append(completion(text, 1, { workflow_id: text, status: 'failed', error }));
    }
    for (const text of odd) {
      const record = await executions.get(text);
      expect([record?.id, record?.workflow_id, record?.error?.message]).toEqual([text, text, text]);
      expect((await executions.findByKey(text, text))?.id).toBe(text);
      expect((await executions.list({ workflow_id: text })).results.map(({ id }) => id)).toEqual([text]);
    }
    expect(await storage.maintenance!.check()).toEqual([]);
    await storage.close();
    await dispose();
  },
);
