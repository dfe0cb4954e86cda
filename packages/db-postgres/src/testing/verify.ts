import { strict as assert } from 'node:assert';
import type { Storage } from '@vwmp/core';

/** Expects everything that was confirmed to be there, and all of it to make sense. */
export async function verify(storage: Storage, confirmed: ReadonlyMap<string, number>): Promise<void> {
  for (const [id, seq] of confirmed) {
    const record = await storage.executions.get(id);
    assert.ok(record, `the execution ${id} is missing`);
    assert.ok(record.seq >= seq, `${id} is at ${record.seq} and not at ${seq}`);
    if (seq === 5) assert.equal(record.status, 'success');
  }
  assert.deepEqual(await storage.maintenance!.check(), []);
}
