import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStorage } from '@vwmp/core/file';
import type { PlatformOptions } from '@vwmp/core/platform';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { requests } from '../testing/fuzz.ts';
import { createHarness } from '../testing/harness.ts';
import { createWorld } from '../testing/world.ts';

/** How much is tried; `FUZZ_RUNS=100000` for a night. */
const runs = Number(process.env.FUZZ_RUNS ?? 10_000);
const folder = mkdtempSync(join(tmpdir(), 'vwmp-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, number, () => PlatformOptions]>([
  ['in memory', runs, () => ({})],
  ['in SQLite', runs / 4, () => ({ storage: createSqliteStorage({ path: join(folder, 'vwmp.db') }) })],
  ['in files', runs / 10, () => ({ storage: createFileStorage({ folder: join(folder, 'files') }) })],
])(
  'requests made from the OpenAPI document meet no 5xx, and no answer that it does not allow: %s',
  async (_where, numRuns, options) => {
    const platform = await openPlatform(options(), { VWMP_API_RATE: 'off' });
    const world = await createWorld(platform);
    const harness = createHarness(platform, {
      logger: { log: (_level, message, fields) => console.error(message, fields) },
    });
    const executions = [world.done, world.failed, world.waiting, world.asking];
    const ids = {
      workflow_id: ['hello', 'fails', 'waits', 'asks'],
      execution_id: executions,
      step: ['ask', 'greet', 'wait'],
      name: ['mails', 'executions', 'go', 'generic'],
      path: ['core.set', 'core.approval', 'core.none'],
      schedule_id: [world.schedule],
      task: [world.dead],
      rev: [(await platform.workflows.get('hello'))!.rev],
    };
    let sum = 0;
    await fc.assert(
      fc.asyncProperty(requests(ids), async (sent) => {
        const { status } = await harness.send(sent);
        sum++;
        expect({ sent, status }).toSatisfy(() => status < 500);
      }),
      { numRuns, endOnFailure: true },
    );
    expect(sum).toBeGreaterThanOrEqual(numRuns);
    // It got somewhere, and not only into refusals.
    const good = [...harness.seen].filter((each) => / 20[0-4]$/.test(each));
    expect(good.length).toBeGreaterThan(20);
    await platform.close();
  },
  120_000,
);
