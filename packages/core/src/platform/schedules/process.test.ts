import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const source = (path: string): string =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, '../..', path)).href);

/** Opens a scheduler with one schedule in a process of its own, and gives back what that printed until it ended. */
function run(options: string): string {
  const program = `
    import { createMemoryStorage } from ${source('adapters/memory/index.ts')};
    import { systemClock as clock } from ${source('engine/clock.ts')};
    import { createScheduler } from ${source('platform/schedules/index.ts')};
    const storage = createMemoryStorage();
    await storage.open();
    await storage.schedules.put({
      ...{ id: 's', workflow_id: 'w', schedule: '* * * * *', timezone: 'UTC', overlap: 'allow', catchup: 'all' },
      ...{ parameters: {}, paused: false, decided_until: new Date(Date.now() + ${60_000}).toISOString() },
    });
    await storage.workflows.save({ id: 'w', name: 'w', type: 'generic', version: '1.0.0', text: 'schedule' }, undefined);
    const scheduler = createScheduler({
      ...storage,
      clock,
      logger: console,
      parse: () => ({ name: 'w', steps: [], triggers: [{ schedule: '* * * * *', overlap: 'allow', catchup: 'all' }] }),
      start: async () => ({ execution_id: 'x', created: true }),
      ...${options},
    });
    await scheduler.open();
    setTimeout(() => {
      console.log('waiting');
      if (${options}.keepAlive) void scheduler.close();
    }, 100);
  `;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

test('a process with nothing else to do ends, although a schedule is to fire in a minute', () => {
  expect(run('{}')).toBe('waiting\n');
});

test('closing lets the process end too', () => {
  expect(run('{ keepAlive: true }')).toBe('waiting\n');
});
