import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, vi } from 'vitest';
import { createProject, document, gated, noted, type TestProject } from '../../testing/platform.ts';
import { type Outcome, workflow } from '../../testing/vwmp.ts';

interface Copied {
  rows: number;
  tables: { name: string; rows: number; digest: string }[];
}

const secret = workflow(
  [
    noted('a'),
    { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
    noted('c', ['b']),
  ],
  {
    parameters: [{ name: 'token', type: 'secret' }],
    output: '${parameters.token == "s3cret"}',
  },
);

/** Executions that ended so many days ago. */
async function ended(project: TestProject, days: readonly number[], workflow_id = 'w'): Promise<void> {
  await project.seed(async (storage) => {
    for (const [at, day] of days.entries()) {
      const id = `${workflow_id}-${at}`;
      const time = new Date(Date.now() - day * 86_400_000).toISOString();
      await storage.executions.append({
        summary: {
          id,
          workflow_id,
          workflow_version: '1',
          status: 'success',
          started_at: time,
          completed_at: time,
        },
        ...{ expected_seq: 0, epoch: 1, document },
        events: [
          {
            event: 'workflow_started',
            workflow_id,
            workflow_version: '1',
            parameters: {},
            seq: 1,
            execution_id: id,
            timestamp: time,
          },
        ],
      });
    }
  });
}

test('migrate creates the database at the path of the settings, and does nothing the second time', async () => {
  const project = createProject({}, { VWMP_SQLITE_PATH: 'deep/er/my.db' });
  expect(await project.json<{ applied: string[] }>(['db', 'migrate'])).toMatchObject({
    database: project.path('deep/er/my.db'),
    applied: expect.arrayContaining([expect.stringMatching(/^0001/)]) as string[],
  });
  expect(existsSync(project.path('deep/er/my.db'))).toBe(true);
  expect(await project.ok(['db', 'migrate'])).toMatch(/^Nothing was pending/);
  const status = await project.json<{ pending: string[]; tables: { name: string }[]; bytes: number }>([
    'db',
    'status',
  ]);
  expect(status.pending).toEqual([]);
  expect(status.tables.map(({ name }) => name)).toContain('executions');
  expect(status.bytes).toBeGreaterThan(4096);
  expect(await project.ok(['db', 'status'])).toMatch(
    /none is pending[\s\S]*TABLE +ROWS\n[\s\S]*executions +0/,
  );
});

test('status of an empty file tells what is pending and ends with 1', async () => {
  const project = createProject({ 'vwmp.db': '' });
  const { code, stdout } = await project.run(['db', 'status']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/migrations are pending: 0001[\s\S]*vwmp db migrate carries them out/);
});

test('one that is pending is not several', async () => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  const database = new DatabaseSync(project.path('vwmp.db'));
  database.exec("DELETE FROM migrations WHERE id > '0001_start'");
  database.close();
  const { stdout } = await project.run(['db', 'status']);
  expect(stdout).toMatch(/ 1 migration is pending: 0002[\s\S]*vwmp db migrate carries it out/);
});

describe('prune', () => {
  test('by age, by number and by workflow', async () => {
    const project = createProject();
    await ended(project, [1, 10, 40, 100]);
    await ended(project, [10, 100], 'other');
    const left = async (): Promise<string[]> =>
      (await project.ok(['executions', 'list', '--ids'])).split('\n').sort();
    expect(await project.ok(['db', 'prune', '--older-than', '60d', '-w', 'other'])).toContain(
      '1 executions removed',
    );
    expect(await left()).toEqual(['other-0', 'w-0', 'w-1', 'w-2', 'w-3']);
    expect(await project.json(['db', 'prune', '--older-than', '90d'])).toMatchObject({ removed: 1 });
    expect(await project.json(['db', 'prune', '--keep', '2'])).toMatchObject({ removed: 1 });
    expect(await left()).toEqual(['other-0', 'w-0', 'w-1']);
    // By the settings: 30 days.
    await ended(project, [31], 'third');
    expect(await project.json(['db', 'prune'])).toMatchObject({ removed: 1 });
    expect(await project.json(['db', 'prune', '--keep', '0'])).toMatchObject({ removed: 3 });
    expect(await left()).toEqual(['']);
  });

  test('it says how much smaller the file has become', async () => {
    const project = createProject();
    await ended(
      project,
      Array.from({ length: 25_000 }, (_, n) => n),
    );
    await project.ok(['executions', 'list', '--limit', '1']);
    const size = (): number => statSync(project.path('vwmp.db')).size;
    const before = size();
    const { removed, bytes_freed: freed } = (await project.json(['db', 'prune', '--keep', '10'])) as {
      removed: number;
      bytes_freed: number;
    };
    expect(removed).toBe(24_990);
    expect(freed).toBeGreaterThan(1e6);
    expect(Math.abs(before - size() - freed)).toBeLessThan(freed * 0.1);
  });

  test.each([
    [['--older-than', 'soon'], '--older-than is "soon": it has to be a duration such as 30d'],
    [['--keep', '1.5'], '--keep is "1.5"'],
  ])('%j is refused', async (args, message) => {
    const project = createProject();
    await project.ok(['db', 'migrate']);
    const { code, stderr } = await project.run(['db', 'prune', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('nothing goes when the settings keep everything and no limit is given', async () => {
    const project = createProject({}, { VWMP_RETENTION_AGE: 'forever' });
    await ended(project, [1000]);
    const { code, stderr } = await project.run(['db', 'prune']);
    expect(code).toBe(2);
    expect(stderr).toContain('use --older-than, --keep or both');
    expect(await project.ok(['executions', 'list', '--ids'])).toBe('w-0');
  });
});

test('backup writes a database that can be used, while a worker is at work, and never overwrites', async () => {
  const project = createProject({ 'w.yaml': workflow([gated('a', 'gate')]) });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, () => project.text('ran') !== '');
  expect(await project.json(['db', 'backup', 'backup.db'])).toMatchObject({
    file: project.path('backup.db'),
  });
  const again = await project.run(['db', 'backup', 'backup.db']);
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain('"backup.db" is there already, and a backup overwrites nothing.');
  project.write('gate');
  await project.until(id, ({ status }) => status === 'success');
  const env = { VWMP_SQLITE_PATH: 'backup.db' };
  expect(await project.ok(['db', 'check'], { env })).toContain('is well');
  expect(JSON.parse(await project.ok(['executions', 'show', id, '--json'], { env }))).toMatchObject({
    status: 'running',
  });
});

test.each([
  ['', 'The path is empty.'],
  ['text', '"text" is there already, and a backup overwrites nothing.'],
  ['nowhere/backup.db', 'There is no folder'],
  ['text/backup.db', 'There is no folder'],
])('backup to %j is refused', async (path, message) => {
  const project = createProject({ text: 'mine' });
  await project.ok(['db', 'migrate']);
  const { code, stdout, stderr } = await project.run(['db', 'backup', path]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(project.text('text')).toBe('mine');
});

test('the next backup removes what killed ones left, and nothing of one that may be at work', async () => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  const { pid = 0 } = spawnSync(process.execPath, ['--version']);
  const left = (id: number, minutes: number, rest = ''): string => {
    const name = `.vwmp-backup-${id}-x${minutes}${rest}`;
    project.write(name, 'half');
    const at = Date.now() / 1000 - minutes * 60;
    utimesSync(project.path(name), at, at);
    return name;
  };
  const abandoned = [left(pid, 90), left(pid, 90, '-journal')];
  const kept = [left(pid, 5), left(process.pid, 90)];
  await project.ok(['db', 'backup', 'copy.db']);
  expect([...abandoned, ...kept, 'copy.db'].filter((name) => existsSync(project.path(name)))).toEqual([
    ...kept,
    'copy.db',
  ]);
});

test('what it may not remove is in the way of no backup', async () => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  const { pid = 0 } = spawnSync(process.execPath, ['--version']);
  const folder = project.path(`.vwmp-backup-${pid}-x`);
  mkdirSync(folder);
  utimesSync(folder, 1, 1);
  await project.ok(['db', 'backup', 'copy.db']);
  expect(existsSync(folder)).toBe(true);
});

test('a backup that is interrupted leaves nothing behind', async () => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  // Large enough that it is interrupted in the middle.
  const database = new DatabaseSync(project.path('vwmp.db'));
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
    INSERT INTO audit (at, actor, action, subject, details) SELECT i, 'a', 'b', 'c', '"' || hex(zeroblob(2000000)) || '"' FROM n`);
  database.close();
  mkdirSync(project.path('copies'));
  const names = (): string[] => readdirSync(project.path('copies'));
  const backup = project.start(['db', 'backup', 'copies/copy.db']);
  await vi.waitUntil(() => names().length > 0, { interval: 1, timeout: 30_000 });
  backup.child.kill('SIGTERM');
  await backup.outcome;
  if (backup.child.exitCode !== 0) expect(backup.child.signalCode).toBe('SIGTERM');
  expect(names().filter((name) => name !== 'copy.db')).toEqual([]);
});

test('check tells of damage and ends with 1', async () => {
  const project = createProject();
  await ended(project, [1, 2, 3]);
  expect(await project.json(['db', 'check'])).toMatchObject({ ok: true, problems: [] });
  const database = new DatabaseSync(project.path('vwmp.db'), { enableForeignKeyConstraints: false });
  database.exec(`DELETE FROM events WHERE execution_id = 'w-1'`);
  database.close();
  const { code, stdout } = await project.run(['db', 'check']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/✖ .*w-1/);
  expect(JSON.parse((await project.run(['db', 'check', '--json'])).stdout)).toMatchObject({ ok: false });
});

describe('copy from SQLite to SQLite', () => {
  test('everything moves, executions in flight go on in the target, secrets included', async () => {
    const project = createProject({ 'w.yaml': secret, token: 's3cret\n' });
    const worker = await project.worker();
    await project.ok(['workflows', 'save', 'w.yaml']);
    const id = await project.ok(['start', 'w', '-p', 'token=@token']);
    await project.until(id, ({ waits }) => waits.length === 1);
    worker.child.kill('SIGTERM');
    await worker.outcome;
    const copied = await project.json<Copied>(['db', 'copy', '--to', 'sqlite:copy.db']);
    expect(copied.tables.find(({ name }) => name === 'executions')).toMatchObject({ rows: 1 });
    expect(statSync(project.path('copy.db.key')).mode & 0o077).toBe(0);

    const env = { VWMP_SQLITE_PATH: 'copy.db' };
    expect(await project.ok(['db', 'check'], { env })).toContain('is well');
    expect(await project.ok(['workflows', 'list', '--ids'], { env })).toBe('w');
    await project.worker({ env });
    await project.ok(['executions', 'signal', id, 'go'], { env });
    const succeeded = ['executions', 'list', '-s', 'success', '--ids'];
    while ((await project.ok(succeeded, { env })) !== id);
    expect(JSON.parse(await project.ok(['executions', 'show', id, '--json'], { env }))).toMatchObject({
      output: true,
    });
    expect(project.text('ran')).toBe('a\nc\n');
    expect(await project.show(id)).toMatchObject({ status: 'waiting' });
  });

  test('a key of the environment is not left behind without a word, and nothing makes a wrong one', async () => {
    const project = createProject({ 'w.yaml': secret });
    const env = { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) };
    const id = await project.ok(['start', 'w.yaml', '-p', 'token=s3cret'], { env });
    const key = project.path('copy.db.key');
    const told = `keep it set, or write it to ${key}.`;
    for (const from of [[], ['--from', 'vwmp.db']]) {
      rmSync(project.path('copy.db'), { force: true });
      const copied = await project.run(['db', 'copy', ...from, '--to', 'copy.db'], { env });
      expect(copied).toMatchObject({ code: 0, stderr: expect.stringContaining(told) });
    }
    const signal = (): Promise<Outcome> =>
      project.run(['executions', 'signal', id, 'go'], { env: { VWMP_SQLITE_PATH: 'copy.db' } });
    const missing = await signal();
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain(`ENCRYPTION_KEY_MISSING`);
    expect(missing.stderr).toContain(`there is no file ${key}`);
    expect(existsSync(key)).toBe(false);
    project.write('copy.db.key', 'another one');
    expect((await signal()).stderr).toContain(`ENCRYPTION_KEY_WRONG`);
    expect((await project.run(['db', 'copy', '--to', 'copy.db', '--resume'], { env })).stderr).toContain(
      `is not the key in ${key}`,
    );
    project.write('copy.db.key', `${env.VWMP_ENCRYPTION_KEY}\n`);
    expect((await project.run(['db', 'copy', '--to', 'copy.db', '--resume'], { env })).stderr).not.toContain(
      'VWMP_ENCRYPTION_KEY',
    );
    expect((await signal()).code).toBe(0);
  });

  test('a key that was written by hand goes along, and is the same with and without its line feed', async () => {
    const project = createProject({ 'w.yaml': secret });
    project.write('vwmp.db.key', `${'k'.repeat(32)}\n`);
    const id = await project.ok(['start', 'w.yaml', '-p', 'token=s3cret']);
    project.write('copy.db.key', 'k'.repeat(32));
    const copied = await project.run(['db', 'copy', '--to', 'copy.db']);
    expect(copied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('key') });
    const env = { VWMP_SQLITE_PATH: 'copy.db' };
    expect((await project.run(['executions', 'signal', id, 'go'], { env })).code).toBe(0);
  });

  test('killed at any moment it goes on with --resume, and what it gives is the same', async () => {
    const project = createProject();
    await ended(
      project,
      Array.from({ length: 3000 }, (_, at) => at / 100),
    );
    const whole = await project.json<Copied>(['db', 'copy', '--to', 'whole.db']);
    let kills = 0;
    let refused = false;
    for (let step = 0; ; step++) {
      const copying = project.start([
        'db',
        'copy',
        '--to',
        'copy.db',
        '--json',
        ...(step > 0 ? ['--resume'] : []),
      ]);
      // Further along with every round, from before anything was written on.
      const rows = await grown(project, 'copy.db', step * 40_000, copying.outcome);
      if (rows) {
        copying.child.kill('SIGKILL');
        await copying.outcome;
        kills++;
        if (refused || !hasExecutions(project.path('copy.db'))) continue;
        // Nobody works on it, or looks into it, as if it were all.
        const env = { VWMP_SQLITE_PATH: 'copy.db' };
        for (const half of [['executions', 'list'], ['doctor'], ['worker']]) {
          const { code, stdout, stderr } = await project.run(half, { env });
          expect(code).toBe(1);
          expect(stdout + stderr).toContain('is a copy that was broken off or is still being made');
        }
        refused = true;
        continue;
      }
      const { code, stdout } = await copying.outcome;
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as Copied).tables).toEqual(whole.tables);
      break;
    }
    expect(kills).toBeGreaterThan(2);
    expect(refused).toBe(true);
    expect(await project.ok(['db', 'check'], { env: { VWMP_SQLITE_PATH: 'copy.db' } })).toContain('is well');
  });

  test('a target in which nothing is yet of a copy that was broken off is taken again', async () => {
    const project = createProject();
    await ended(project, [1, 2]);
    await project.ok(['db', 'migrate'], { env: { VWMP_SQLITE_PATH: 'copy.db' } });
    const database = new DatabaseSync(project.path('copy.db'));
    database.exec("INSERT INTO migrations (id, applied_at) VALUES ('unfinished-copy', 0)");
    database.close();
    await project.ok(['db', 'copy', '--to', 'copy.db']);
    expect(
      await project.ok(['executions', 'list', '--ids'], { env: { VWMP_SQLITE_PATH: 'copy.db' } }),
    ).toContain('w-0');
  });

  test('a target with something in it is refused, and left as it is', async () => {
    const project = createProject();
    await ended(project, [1, 2]);
    await project.ok(['db', 'copy', '--to', 'copy.db']);
    await ended(project, [3], 'more');
    const { code, stderr } = await project.run(['db', 'copy', '--to', 'copy.db']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/The target \S+copy\.db is not empty: it has .*2 executions.* --resume/);
    const other = createProject();
    await ended(other, [5], 'other');
    const resumed = await other.run(['db', 'copy', '--to', project.path('copy.db'), '--resume']);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toMatch(/COPY_MISMATCH The target is no copy of this source that was broken off/);
    const env = { VWMP_SQLITE_PATH: 'copy.db' };
    expect((await project.ok(['executions', 'list', '--ids'], { env })).split('\n').sort()).toEqual([
      'w-0',
      'w-1',
    ]);
  });

  test('while a worker has an execution it is refused, unless it is forced', async () => {
    const project = createProject({ 'w.yaml': workflow([gated('a', 'gate')]) });
    await project.worker({ env: { VWMP_LEASE: '1m' } });
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, () => project.text('ran') !== '');
    const refused = await project.run(['db', 'copy', '--to', 'copy.db']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /The worker \S+ is at work on \S+vwmp\.db.*Stop them first \(one that was killed counts until its lease ends, in \d+s\), or copy nevertheless with --force\./,
    );
    expect(existsSync(project.path('copy.db'))).toBe(false);
    const forced = await project.run(['db', 'copy', '--to', 'copy.db', '--force']);
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain('would be missing from it');
  });

  test.each([
    [[], 'Say where to: --to postgresql://'],
    [['--to', ''], '--to is empty.'],
    [['--to', 'vwmp.db'], '--from and --to are the same database'],
    [['--to', './x/../vwmp.db'], '--from and --to are the same database'],
    [['--to', 'mysql://h/db'], '--to begins with "mysql:", which is no database that can be copied'],
    [['--from', 'nope.db', '--to', 'x.db'], 'There is no database at'],
    [['--from', 'empty.db', '--to', 'x.db'], 'migrations are pending. Bring it up to date first'],
    [['--to', 'postgresql://'], 'SETTINGS_INVALID'],
  ])('%j is refused', async (args, message) => {
    const project = createProject({ 'empty.db': '' });
    await project.ok(['db', 'migrate']);
    const { code, stdout, stderr } = await project.run(['db', 'copy', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(project.path('x.db'))).toBe(false);
  });
});

function hasExecutions(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path);
  try {
    return database.prepare('select 1 from executions limit 1').get() !== undefined;
  } catch {
    // Its tables are not there yet.
    return false;
  } finally {
    database.close();
  }
}

/** Resolves when a file has so many bytes (true), or a process has ended (false). */
async function grown(
  project: TestProject,
  name: string,
  bytes: number,
  end: Promise<unknown>,
): Promise<boolean> {
  let over = false;
  void end.then(() => {
    over = true;
  });
  for (;;) {
    const sizes = ['', '-wal'].map(
      (each) => statSync(project.path(name + each), { throwIfNoEntry: false })?.size ?? 0,
    );
    if (over) return false;
    if (sizes.reduce((sum, each) => sum + each, 0) >= bytes) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test.each(['migrate', 'status', 'check', 'prune'])(
  '%s: what can be wrong with the database is told',
  async (verb) => {
    const project = createProject({ text: 'This is no database, whatever it is called.'.repeat(50) });
    const none = await project.run(['db', verb]);
    if (verb !== 'migrate') {
      expect(none.code).toBe(2);
      expect(none.stderr).toContain(
        `There is no database at ${project.path('vwmp.db')}. "vwmp db migrate" creates it.`,
      );
    }
    const damaged = await project.run(['db', verb], { env: { VWMP_SQLITE_PATH: 'text' } });
    expect(damaged.code).toBe(1);
    const folder = await project.run(['db', verb], { env: { VWMP_SQLITE_PATH: '.' } });
    expect(folder.code).toBe(1);
    expect(folder.stderr).toContain('STORE_UNAVAILABLE');
    const memory = await project.run(['db', verb], {
      env: { VWMP_DATABASE_BACKEND: 'memory', VWMP_SQLITE_PATH: '' },
    });
    expect(memory.code).toBe(2);
    expect(memory.stderr).toContain('only sqlite and postgresql have');
    for (const { stderr } of [none, damaged, folder, memory]) expect(stderr).not.toMatch(/\n +at /);
  },
);
