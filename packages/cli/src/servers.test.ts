import { createRedisQueue } from '@vwmp/queue-redis';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from './doctor/finding.ts';
import { createProject, gated, noted, type TestProject } from './testing/platform.ts';
import { workflow } from './testing/vwmp.ts';

interface Copied {
  rows: number;
  tables: { name: string; rows: number; digest: string }[];
}

let postgres: PostgresServer;
let redis: RedisServer;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis({ password: 'hidden' })]);
});
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]));

let projects = 0;

/** With a database and a prefix of its own. */
async function full(files: Record<string, string>): Promise<TestProject & { prefix: string }> {
  const name = `cli${projects++}`;
  const url = await postgres.createDatabase(name);
  const project = createProject(files, {
    ...{ VWMP_DEPLOYMENT_MODE: 'full', VWMP_SQLITE_PATH: '', VWMP_QUEUE_PREFIX: name },
    ...{ VWMP_DATABASE_URL: url, VWMP_REDIS_URL: redis.url, VWMP_ENCRYPTION_KEY: 'a key of many characters' },
  });
  return { ...project, prefix: name };
}

describe('with PostgreSQL and Redis', () => {
  test('an execution goes through a unified worker, and nobody sees a password', async () => {
    const project = await full({
      'w.yaml': workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }, noted('b', ['a'])]),
    });
    const worker = await project.worker({ args: ['--json'] });
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, ({ waits }) => waits.length === 1);
    await project.ok(['executions', 'signal', id, 'go']);
    await project.until(id, ({ status }) => status === 'success');
    const doctor = await project.run(['doctor']);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/✔ redis:\/\/\*\*\*@\S+ answers in/);
    expect(doctor.stdout).toMatch(/✔ postgres(?:ql)?:\/\/\*\*\*@\S+ answers in/);
    expect(doctor.stdout).toMatch(/✔ Queue "executions": /);
    worker.child.kill('SIGTERM');
    const { code, stdout } = await worker.outcome;
    expect(code).toBe(0);
    for (const text of [stdout, doctor.stdout, doctor.stderr]) expect(text).not.toMatch(/hidden|:secret@/);
  });

  test('a secret that is set makes no tables for its note in the audit log, and has it once there are some', async () => {
    const project = await full({});
    await project.ok(['secrets', 'set', 'EARLY'], { input: 'x\n' });
    const tables = "select count(*) from pg_tables where schemaname = 'public'";
    expect(await postgres.sql(tables, project.prefix)).toBe('0');
    await project.ok(['db', 'migrate']);
    await project.ok(['secrets', 'set', 'LATE'], { input: 'x\n' });
    expect(await postgres.sql('select subject from audit', project.prefix)).toBe('LATE');
  });

  test('steps with a queue run on the workers of that queue only', async () => {
    const project = await full({
      'w.yaml': workflow([noted('a'), { ...noted('b', ['a']), queue: 'gpu' }]),
    });
    await project.worker({ args: ['--queue', 'executions'] });
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, ({ waits }) => waits.some(({ wait }) => wait.kind === 'task'));
    expect(await project.ok(['executions', 'show', id])).toMatch(
      /◷ b .*waits for a worker of the queue "gpu"/,
    );
    const { findings } = await project.json<{ findings: Finding[] }>(['doctor']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        verdict: 'warning',
        title: 'Nobody takes the 1 task of the queue "gpu"',
        advice: 'Run a worker for it: vwmp worker --queue gpu',
      }),
    );
    const special = await project.worker({ args: ['-q', 'gpu', '-c', '1'] });
    await project.until(id, ({ status }) => status === 'success');
    expect(project.text('ran')).toBe('a\nb\n');
    special.child.kill('SIGTERM');
    expect((await special.outcome).code).toBe(0);
  });

  test('a killed worker is taken over, and what succeeded is kept', async () => {
    const project = await full({ 'w.yaml': workflow([noted('a'), gated('b', 'gate', ['a'])]) });
    const first = await project.worker();
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, () => project.text('ran').includes('b'));
    await project.worker();
    first.child.kill('SIGKILL');
    await first.outcome;
    await project.until(id, () => project.text('ran') === 'a\nb\nb\n');
    project.write('gate');
    await project.until(id, ({ status }) => status === 'success');
  });

  test('a task that failed for good is told of by the doctor', async () => {
    const project = await full({});
    const queue = createRedisQueue({ url: redis.url, prefix: project.prefix });
    await queue.open();
    await queue.enqueue('mail', { name: 'nobody.knows', payload: null });
    await project.worker({ args: ['-q', 'mail'] });
    await expect.poll(async () => (await queue.counts('mail')).dead, { timeout: 30_000 }).toBe(1);
    await queue.close();
    const { findings } = await project.json<{ findings: Finding[] }>(['doctor']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        verdict: 'warning',
        title: expect.stringMatching(
          /^1 task of the queue "mail" failed for good; the oldest: nobody\.knows, NOT_FOUND /,
        ) as string,
      }),
    );
  });

  test('a queue that is paused is told of by the doctor, and no worker is asked for', async () => {
    const project = await full({});
    const queue = createRedisQueue({ url: redis.url, prefix: project.prefix });
    await queue.open();
    await queue.enqueue('mail', { name: 'nobody.knows', payload: null });
    await queue.pause('mail');
    await queue.close();
    const { findings } = await project.json<{ findings: Finding[] }>(['doctor']);
    const warnings = findings.filter(({ area, verdict }) => area === 'queue' && verdict === 'warning');
    expect(warnings.map(({ title }) => title)).toEqual([
      'The queue "mail" is paused: nothing of it is given out',
    ]);
  });

  test('an execution that a paused queue holds back says so', async () => {
    const project = await full({ 'w.yaml': workflow([{ ...noted('a'), queue: 'gpu' }]) });
    await project.ok(['db', 'migrate']);
    await project.ok(['queues', 'pause', 'executions']);
    const id = await project.ok(['start', 'w.yaml']);
    const held = 'The queue "executions" is paused: no execution begins or goes on until';
    expect(await project.ok(['executions', 'show', id])).toMatch(
      /pending for .*The queue "executions" is paused/,
    );
    expect((await project.run(['executions', 'list'])).stderr).toContain(held);
    expect((await project.run(['executions', 'list', '--json'])).stderr).toBe('');
    const waiting = project.start(['executions', 'show', id, '--wait']);
    await waiting.until(/The queue "executions" is paused/);
    waiting.child.kill('SIGINT');
    await waiting.outcome;

    await project.ok(['queues', 'resume', 'executions']);
    expect(await project.ok(['executions', 'show', id])).toContain('It waits for a worker: vwmp worker');
    expect((await project.run(['executions', 'list'])).stderr).not.toContain('paused');
    await project.worker({ args: ['--queue', 'executions'] });
    await project.until(id, ({ waits }) => waits.some(({ wait }) => wait.kind === 'task'));
    const nobody = 'Nobody takes what waits in the queue "gpu" (1): vwmp worker --queue gpu';
    expect(await project.ok(['executions', 'show', id])).toContain(nobody);
    await project.ok(['queues', 'pause', 'gpu']);
    expect(await project.ok(['executions', 'show', id])).toContain(
      'The queue "gpu" is paused: no step of it begins',
    );

    // What is stored is shown, whatever became of the queue server.
    const away = { env: { VWMP_REDIS_URL: 'redis://127.0.0.1:1' } };
    expect(await project.ok(['executions', 'show', id], away)).toContain(id);
  });

  test('queues are listed, paused and resumed, and dead letters tried again', async () => {
    const project = await full({});
    await project.ok(['db', 'migrate']);
    const none = { waiting: 0, active: 0, delayed: 0, dead: 0, paused: false };
    expect(await project.json(['queues', 'list'])).toEqual([{ name: 'executions', ...none }]);
    expect(await project.ok(['queues', 'pause', 'executions'])).toContain(
      'executions is paused: nothing of it',
    );
    expect(await project.ok(['queues', 'pause', 'executions'])).toContain('executions is already paused');
    expect(await project.ok(['queues', 'list'])).toMatch(
      /^QUEUE +WAITING +ACTIVE +DELAYED +DEAD +OLDEST DEAD +STATE\nexecutions +0 +0 +0 +0 +◷ paused$/,
    );
    expect(await project.json(['queues', 'resume', 'executions'])).toEqual({ name: 'executions', ...none });

    const queue = createRedisQueue({ url: redis.url, prefix: project.prefix });
    await queue.open();
    const id = await queue.enqueue('mail', { name: 'nobody.knows', payload: { to: 'Ana' } });
    const worker = await project.worker({ args: ['-q', 'mail'] });
    await expect.poll(async () => (await queue.counts('mail')).dead, { timeout: 30_000 }).toBe(1);
    worker.child.kill('SIGTERM');
    await worker.outcome;
    expect(await project.ok(['queues', 'list', '--ids'])).toBe('executions\nmail');
    expect(await project.ok(['queues', 'dead', 'mail'])).toMatch(
      /^\S+ +nobody\.knows +1 +20\S+Z +NOT_FOUND /m,
    );
    expect(await project.ok(['queues', 'dead', 'mail', '--ids'])).toBe(id);
    const letter = { id, name: 'nobody.knows', payload: { to: 'Ana' }, error: { code: 'NOT_FOUND' } };
    const page = await project.json<{ results: { failed_at: string }[] }>(['queues', 'dead', 'mail']);
    expect(page).toMatchObject({ results: [letter], count: 1 });
    expect(await project.json(['queues', 'list'])).toMatchObject([
      { name: 'executions' },
      { name: 'mail', dead: 1, dead_since: page.results[0]!.failed_at },
    ]);
    await project.ok(['queues', 'retry', 'mail', id]);
    expect(await queue.counts('mail')).toMatchObject({ waiting: 1, dead: 0 });
    await queue.enqueue('mail', { name: 'n', payload: null });
    for (const _ of [1, 2]) {
      await queue.markFailed((await queue.getTask('mail', 1000))!, { code: 'NO', message: 'No.' });
    }
    const first = await project.run(['queues', 'dead', 'mail', '--ids', '-n', '1']);
    const [, cursor] = /^1 of 2; go on with --cursor (\S+)$/m.exec(first.stderr)!;
    const second = await project.ok(['queues', 'dead', 'mail', '--ids', '--cursor', cursor!]);
    const both = [first.stdout.trim(), second];
    expect(await project.ok(['queues', 'discard', 'mail', ...both])).toMatch(
      /^✔ \S+ is gone\n✔ \S+ is gone$/,
    );
    expect((await queue.counts('mail')).dead).toBe(0);
    await queue.close();
    expect((await project.run(['queues', 'dead', 'mail'])).stderr).toContain('"mail" has no dead letters');

    for (const [args, told] of [
      [['retry', 'mail', id], 'has no dead letter'],
      [['discard', 'mail', id], 'has no dead letter'],
      [['dead', 'mail', '--cursor', 'x'], 'which no page of this list has given'],
      [
        ['pause', 'mial'],
        'There is no queue "mial". Did you mean "mail"? To pause it before its first task: --force.',
      ],
    ] as const) {
      const { code, stderr } = await project.run(['queues', ...args]);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toContain(told);
    }

    await project.ok(['queues', 'pause', 'later', '--force']);
    project.write('gpu.yaml', 'id: gpu\nname: GPU\nsteps:\n  - {id: a, handler: core.set, queue: gpu}\n');
    await project.ok(['queues', 'pause', 'gpu'], { env: { VWMP_WORKFLOWS_DIR: project.cwd } });
    expect(await project.ok(['queues', 'list', '--ids'])).toBe('executions\ngpu\nlater\nmail');
  });

  test('the database is backed up, pruned and looked at', async () => {
    const project = await full({ 'w.yaml': workflow([noted('a')]) });
    await project.worker();
    await project.ok(['start', 'w.yaml', '--wait']);
    expect(await project.json(['db', 'backup', 'backup'])).toMatchObject({ file: project.path('backup') });
    expect(project.text('backup').length).toBeGreaterThan(1000);
    expect(await project.ok(['db', 'status'])).toMatch(/executions +1\n/);
    expect(await project.json(['db', 'prune', '--keep', '0'])).toMatchObject({ removed: 1 });
    expect(await project.ok(['db', 'status'])).toMatch(/executions +0\n/);
    expect(await project.ok(['db', 'check'])).toContain('is well');
  });

  test('the doctor has nobody start a Redis that is full', async () => {
    const crammed = await startRedis({ config: { maxmemory: '100kb', 'maxmemory-policy': 'noeviction' } });
    const project = await full({});
    const { code, stdout } = await project.run(['doctor'], { env: { VWMP_REDIS_URL: crammed.url } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✖ redis:.*Give it more memory \(maxmemory\)\.\n +→ Executions that were accepted/,
    );
    await crammed.stop();
  });

  test('while Redis is away executions are accepted, read and cancelled, and it says so', async () => {
    const away = await startRedis();
    const project = await full({ 'w.yaml': workflow([noted('a')]) });
    const env = { VWMP_REDIS_URL: away.url };
    await project.ok(['db', 'migrate']);
    await away.kill();
    const started = await project.run(['start', 'w.yaml'], { env });
    expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w{21}\n$/) as string });
    expect(started.stderr).toContain('What is recorded now is found by the workers a little later.');
    const id = started.stdout.trim();
    expect(JSON.parse(await project.ok(['executions', 'show', id, '--json'], { env }))).toMatchObject({
      status: 'pending',
    });
    await away.restart();
    await project.worker({ env });
    await project.until(id, ({ status }) => status === 'success');
    await away.stop();
  });
});

describe('copy between SQLite and PostgreSQL', () => {
  const flow = workflow(
    [
      noted('a'),
      { id: 'b', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['a'] },
      noted('c', ['b']),
    ],
    {
      parameters: [{ name: 'token', type: 'secret', required: false }],
      output: '${parameters.token == "s3cret"}',
    },
  );

  test('there and back everything is the same, and what is in flight goes on in either', async () => {
    const project = createProject({ 'w.yaml': flow });
    const url = await postgres.createDatabase('copied');
    const first = await project.worker();
    const [there, back] = [
      await project.ok(['start', 'w.yaml', '-p', 'token=s3cret']),
      await project.ok(['start', 'w.yaml', '-p', 'token=s3cret']),
    ];
    for (const id of [there, back]) await project.until(id, ({ waits }) => waits.length === 1);
    first.child.kill('SIGTERM');
    await first.outcome;

    const up = await project.run(['db', 'copy', '--to', url, '--json']);
    expect(up.code).toBe(0);
    expect(up.stderr).toContain(`VWMP_ENCRYPTION_KEY="$(cat ${project.path('vwmp.db.key')})"`);
    expect(up.stdout + up.stderr).not.toContain(':secret@');
    const env = {
      ...{ VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_SQLITE_PATH: '', VWMP_DATABASE_URL: url },
      VWMP_ENCRYPTION_KEY: project.text('vwmp.db.key'),
    };
    expect(await project.ok(['db', 'check'], { env })).toContain('is well');

    const second = await project.worker({ env });
    await project.ok(['executions', 'signal', there, 'go'], { env });
    await succeeded(project, there, env);
    second.child.kill('SIGTERM');
    await second.outcome;

    const down = await project.json<Copied>(['db', 'copy', '--from', url, '--to', 'back.db']);
    const again = await project.json<Copied>(['db', 'copy', '--from', 'sqlite:back.db', '--to', 'again.db']);
    expect(again.tables).toEqual(down.tables);
    const local = { VWMP_SQLITE_PATH: 'back.db', VWMP_ENCRYPTION_KEY: env.VWMP_ENCRYPTION_KEY };
    expect(await project.ok(['db', 'check'], { env: local })).toContain('is well');
    await project.worker({ env: local });
    await project.ok(['executions', 'signal', back, 'go'], { env: local });
    await succeeded(project, back, local);
    expect(project.text('ran')).toBe('a\na\nc\nc\n');
  });

  test('killed again and again it goes on with --resume, and what it gives is the same', async () => {
    const project = createProject({ 'w.yaml': flow });
    for (let at = 0; at < 3; at++) await project.ok(['start', 'w.yaml']);
    await project.seed(async ({ logs, executions }) => {
      const { results } = await executions.list();
      for (let page = 0; page < 20; page++)
        await logs.add(
          Array.from({ length: 500 }, (_, at) => ({
            ...{ execution_id: results[at % 3]!.id, timestamp: new Date(at).toISOString() },
            ...{ level: 'info' as const, message: `${page} ${at} ${'x'.repeat(200)}` },
          })),
        );
    });
    const url = await postgres.createDatabase('resumed');
    const database = new URL(url).pathname.slice(1);
    const filled = async (): Promise<number> =>
      Number(await postgres.sql('SELECT count(*) FROM logs', database).catch(() => '0'));
    let kills = 0;
    for (let step = 0; ; step++) {
      const copying = project.start(['db', 'copy', '--to', url, '--json', ...(step > 0 ? ['--resume'] : [])]);
      let over = false;
      void copying.outcome.then(() => {
        over = true;
      });
      while (!over && (await filled()) < step * 1500);
      if (!over) {
        copying.child.kill('SIGKILL');
        await copying.outcome;
        kills++;
        continue;
      }
      const { code, stdout, stderr } = await copying.outcome;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const whole = await project.json<Copied>(['db', 'copy', '--to', 'whole.db']);
      expect((JSON.parse(stdout) as Copied).tables).toEqual(whole.tables);
      break;
    }
    expect(kills).toBeGreaterThan(1);
  });

  test('what cannot be reached, or must not be written, is told', async () => {
    const project = createProject({ 'w.yaml': flow });
    await project.ok(['start', 'w.yaml']);
    const away = await project.run(['db', 'copy', '--to', 'postgresql://me:secret@127.0.0.1:1/db']);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('STORE_UNAVAILABLE');
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    const denied = await project.run(['db', 'copy', '--to', wrong.href]);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain('STORE_UNAVAILABLE');
    for (const { stderr } of [away, denied]) expect(stderr).not.toMatch(/secret@|wrong@|\n +at /);
  });
});

async function succeeded(project: TestProject, id: string, env: Record<string, string>): Promise<void> {
  for (;;) {
    const shown = JSON.parse(await project.ok(['executions', 'show', id, '--json'], { env })) as {
      status: string;
      output: unknown;
    };
    if (shown.status !== 'success') continue;
    expect(shown.output).toBe(true);
    return;
  }
}
