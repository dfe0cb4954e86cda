import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../doctor/finding.ts';
import { createProject, document } from '../testing/platform.ts';
import { vwmpHeldBack, workflow } from '../testing/vwmp.ts';

interface Report {
  ok: boolean;
  version: string;
  node: string;
  settings: { variable: string; value: string }[];
  packages: { name: string; version?: string; where?: string }[];
  findings: Finding[];
}

const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];

test('where nothing is there yet nothing is broken, and it says how to begin; it makes nothing', async () => {
  const project = createProject();
  const { code, stdout } = await project.run(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/VWMP_SQLITE_PATH +\S+\/vwmp\.db/);
  expect(stdout).toMatch(/✔ Node \d+/);
  expect(stdout).toMatch(
    /vwmp\.db is not there yet\n +→ "vwmp start", "vwmp serve" and "vwmp worker" create it/,
  );
  expect(project.text('vwmp.db')).toBe('');
});

test('where all is well it says so', async () => {
  const project = createProject({ 'w.yaml': workflow(steps) });
  await project.ok(['workflows', 'save', 'w.yaml']);
  await project.worker();
  await project.ok(['start', 'w', '--wait']);
  const report = await project.json<Report>(['doctor']);
  expect(report.ok).toBe(true);
  expect(report.findings.filter(({ verdict }) => verdict === 'warning' || verdict === 'broken')).toEqual([]);
  const titles = report.findings.map(({ title }) => title).join('\n');
  expect(titles).toMatch(/vwmp\.db answers in \d+ms, .* KiB/);
  expect(titles).toMatch(/^1 execution$/m);
  expect(titles).toMatch(/^1 stored workflow$/m);
  expect(report.packages.map(({ name }) => name)).toEqual([
    '@vwmp/cli',
    '@vwmp/core',
    '@vwmp/plugins',
    '@vwmp/db-sqlite',
    '@vwmp/queue-memory',
  ]);
  for (const { version } of report.packages) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect((await project.run(['doctor'])).stdout).toMatch(/✔ All is well\.\n$/);
});

test('it makes nothing where something is missing, and whoever only reads does not either', async () => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  const env = { VWMP_WORKFLOWS_DIR: 'no1' };
  const { stdout } = await project.run(['doctor'], { env });
  expect(stdout).toMatch(/⚠ There is no folder \S+no1, which VWMP_WORKFLOWS_DIR names\n +→ Correct it\./);
  for (const name of ['workflows', 'executions', 'keys']) {
    const { code, stderr } = await project.run([name, 'list'], { env });
    expect({ name, code }).toEqual({ name, code: 2 });
    expect(stderr).toMatch(/There is no folder at \S+no1 \(VWMP_WORKFLOWS_DIR\)\./);
  }
  mkdirSync(project.path('files'));
  const files = { VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: 'files', VWMP_SQLITE_PATH: '' };
  expect(await project.ok(['doctor'], { env: files })).toMatch(/files holds no executions yet/);
  project.write('files/w.yaml', workflow(steps));
  expect(await project.ok(['workflows', 'list', '--ids'], { env: files })).toBe('w');
  for (const name of ['executions', 'keys', 'schedule']) await project.ok([name, 'list'], { env: files });
  expect(readdirSync(project.path('files'))).toEqual(['w.yaml']);
  expect(existsSync(project.path('no1'))).toBe(false);
});

describe('what is odd is a warning, with what to do', () => {
  test('a typing mistake in a variable, an odd combination', async () => {
    const { ok, findings } = await createProject({}, { VWMP_WORKER_CONCURENCY: '3' }).json<Report>([
      'doctor',
    ]);
    expect(ok).toBe(true);
    expect(findings).toContainEqual(
      expect.objectContaining({
        verdict: 'warning',
        title: expect.stringContaining('VWMP_WORKER_CONCURRENCY') as string,
      }),
    );
  });

  test('pending migrations', async () => {
    const project = createProject({ 'vwmp.db': '' });
    const { findings } = await project.json<Report>(['doctor']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        area: 'database',
        verdict: 'warning',
        title: expect.stringMatching(/migrations are pending: 0001/) as string,
        advice: expect.stringContaining('vwmp db migrate') as string,
      }),
    );
    expect(project.text('vwmp.db')).toBe('');
  });

  test('executions that wait for a worker for long', async () => {
    const project = createProject();
    const started_at = new Date(Date.now() - 600_000).toISOString();
    await project.seed(async ({ executions }) => {
      await executions.append({
        summary: { id: 'old', workflow_id: 'w', workflow_version: '1', status: 'pending', started_at },
        ...{ expected_seq: 0, epoch: 0, document, wake_at: started_at },
        events: [
          {
            ...{ event: 'workflow_queued', workflow_id: 'w', workflow_version: '1', parameters: {} },
            ...{ seq: 1, execution_id: 'old', timestamp: started_at },
          },
        ],
      });
    });
    const { code, stdout } = await project.run(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /⚠ 1 execution could go on, and no worker has taken it up, for 10m\n +→ Run a worker: vwmp worker\. .*show old/,
    );
    expect(stdout).toMatch(/⚠ 1 thing is odd, and nothing is broken\.\n$/);
  });

  test('stored workflows that cannot be started', async () => {
    const project = createProject({
      'w.yaml': workflow([{ id: 'a', handler: 'my.hello' }]),
      'vwmp.config.mjs': `export default { plugins: [{ name: 'my', handlers: { hello: { title: 'Hello', description: 'Hello.', config: {}, execute: () => 1 } } }] };`,
    });
    await project.ok(['workflows', 'save', 'w.yaml']);
    project.write('vwmp.config.mjs', 'export default {};');
    const { stdout } = await project.run(['doctor']);
    expect(stdout).toMatch(/⚠ 1 of 1 stored workflow cannot be started\. w: .*my\.hello/);
  });
});

describe('what is broken ends with 1', () => {
  test('settings that cannot be read, all at once', async () => {
    const project = createProject({ '.env': 'VWMP_GRACE_PERIOD=soon\nVWMP_API_PORT=http\n' });
    const { code, stdout } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ VWMP_GRACE_PERIOD \(in \S+\/\.env\) is "soon"/);
    expect(stdout).toMatch(/✖ VWMP_API_PORT/);
    expect(stdout).toMatch(/✖ 2 things are broken\.\n$/);
  });

  test('a .env that cannot be read, which every command names', async () => {
    const project = createProject();
    mkdirSync(project.path('.env'));
    const doctor = await project.run(['doctor']);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/✖ The file of variables "\S+\/\.env" is a folder\./);
    const list = await project.run(['executions', 'list']);
    expect(list.code).toBe(2);
    expect(list.stderr).toMatch(/SETTINGS_INVALID The file of variables "\S+\/\.env" is a folder\./);
  });

  test('secrets that the key does not open', async () => {
    const project = createProject();
    await project.ok(['secrets', 'set', 'A'], { input: 'x', env: { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) } });
    const wrong = await project.run(['doctor'], { env: { VWMP_ENCRYPTION_KEY: 'w'.repeat(32) } });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toMatch(/✖ The file of secrets: ENCRYPTION_KEY_WRONG /);
    // It looks at the rest all the same.
    expect(wrong.stdout).toMatch(/✖ 1 thing is broken/);
    expect(wrong.stdout).toContain('The queue is in the memory of each worker');
  });

  test('an execution in flight whose secret parameters nobody can read', async () => {
    const parameters = [{ name: 'token', type: 'secret' }];
    const project = createProject({ 'w.yaml': workflow(steps, { parameters }) });
    const id = await project.ok(['start', 'w.yaml', '-p', 'token=hush']);
    await project.ok(['doctor']);
    await project.ok(['db', 'backup', 'back.db']);
    const { code, stdout } = await project.run(['doctor'], { env: { VWMP_SQLITE_PATH: 'back.db' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`✖ No worker can go on with execution ${id}: ENCRYPTION_KEY_MISSING .*back\\.db\\.key`),
    );
    const show = await project.ok(['executions', 'show', id], { env: { VWMP_SQLITE_PATH: 'back.db' } });
    expect(show).toMatch(/No worker with these settings can take it up\. .*back\.db\.key/);
    expect(await project.ok(['executions', 'show', id])).toContain('It waits for a worker: vwmp worker');
    expect(existsSync(project.path('back.db.key'))).toBe(false);
  });

  test('a place where nothing can be written', async () => {
    const project = createProject({ text: '' });
    const below = await project.run(['doctor'], { env: { VWMP_SQLITE_PATH: 'text/x.db' } });
    expect(below.code).toBe(1);
    expect(below.stdout).toMatch(/✖ \S+text is no folder, and \S+x\.db is below it/);
    mkdirSync(project.path('locked'), { mode: 0o555 });
    const env = { VWMP_SQLITE_PATH: 'locked/x.db' };
    const locked = await vwmpHeldBack(['doctor'], { cwd: project.cwd, env });
    expect(locked.code).toBe(1);
    expect(locked.stdout).toMatch(/✖ This user may not write to \S+locked/);
  });

  test('a config that cannot be loaded; the database is looked at all the same', async () => {
    const project = createProject({ 'vwmp.config.mjs': 'throw new Error("oh no");' });
    await project.ok(['db', 'migrate']);
    const { code, stdout } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ The config: CONFIG_FILE_INVALID .*oh no/);
    expect(stdout).toMatch(/✔ \S+vwmp\.db answers/);
  });

  test('a database that is none, and one in a folder that cannot be written', async () => {
    const project = createProject({ text: 'This is no database, whatever it is called.'.repeat(50) });
    const damaged = await project.run(['doctor'], { env: { VWMP_SQLITE_PATH: 'text' } });
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toMatch(/✖ \S+text: STORE_\w+ /);
    const folder = await project.run(['doctor'], { env: { VWMP_SQLITE_PATH: '.' } });
    expect(folder.code).toBe(1);
    expect(folder.stdout).toMatch(/✖ .*STORE_UNAVAILABLE/);
  });

  test('a Redis server that is not there', async () => {
    const project = createProject(
      {},
      { VWMP_QUEUE_BACKEND: 'redis', VWMP_REDIS_URL: 'redis://:hidden@127.0.0.1:1' },
    );
    const { code, stdout, stderr } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ redis:\/\/\*\*\*@127\.0\.0\.1:1.*: .*_UNAVAILABLE .* ECONNREFUSED/);
    expect(stdout).toMatch(/→ Start it, or correct VWMP_REDIS_URL\./);
    expect(stdout + stderr).not.toContain('hidden');
  });

  test('a PostgreSQL server that is not there', async () => {
    const project = createProject(
      {},
      {
        VWMP_DEPLOYMENT_MODE: 'hybrid',
        VWMP_SQLITE_PATH: '',
        VWMP_DATABASE_URL: 'postgresql://me:hidden@127.0.0.1:1/db',
      },
    );
    const { code, stdout, stderr } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain('VWMP_ENCRYPTION_KEY is not set');
    expect(stdout).toMatch(/✖ postgresql:\/\/\*\*\*@127\.0\.0\.1:1\/db: STORE_UNAVAILABLE/);
    expect(stderr).toBe('');
    expect(stdout + stderr).not.toContain('hidden');
  });
});
