import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutionStore, ExecutionSummary } from '@vwmp/core';
import { describe, expect, test, vi } from 'vitest';
import {
  createProject,
  document,
  gated,
  noted,
  type Shown,
  type TestProject,
} from '../../testing/platform.ts';
import { type Outcome, workflow } from '../../testing/vwmp.ts';

interface Page {
  results: ExecutionSummary[];
  count: number;
  next_cursor?: string;
}

/** Executions that began so many hours ago, in the order of the list. */
async function seed(
  project: TestProject,
  executions: readonly (Partial<ExecutionSummary> & { id: string; hours: number })[],
): Promise<void> {
  await project.seed(async (storage) => {
    for (const { id, hours, status = 'success', workflow_id = 'w', error } of executions) {
      const started_at = new Date(Date.now() - hours * 3_600_000).toISOString();
      const ended = status === 'success' || status === 'failed';
      const head = { seq: 1, execution_id: id, timestamp: started_at };
      await storage.executions.append({
        summary: {
          ...{ id, workflow_id, workflow_version: '0.1.0', status, started_at },
          ...(ended && { completed_at: started_at }),
          ...(error && { error }),
        },
        ...{ expected_seq: 0, epoch: 1, document },
        events: [
          { event: 'workflow_started', workflow_id, workflow_version: '0.1.0', parameters: {}, ...head },
        ],
      });
    }
  });
}

describe('list', () => {
  test('finds by workflow, status, time and text, newest first', async () => {
    const project = createProject();
    await seed(project, [
      {
        id: 'aaa1',
        hours: 1,
        status: 'failed',
        error: { code: 'NO_STOCK', message: 'The article is sold out.' },
      },
      { id: 'aab2', hours: 5, workflow_id: 'other' },
      { id: 'bbb3', hours: 30, status: 'waiting' },
    ]);
    const ids = async (...args: string[]): Promise<string[]> => {
      const { results } = await project.json<Page>(['executions', 'list', ...args]);
      return results.map(({ id }) => id);
    };
    expect(await ids()).toEqual(['aaa1', 'aab2', 'bbb3']);
    expect(await ids('--workflow', 'other')).toEqual(['aab2']);
    expect(await ids('--status', 'failed', '-s', 'waiting')).toEqual(['aaa1', 'bbb3']);
    expect(await ids('--status', 'failed,waiting')).toEqual(['aaa1', 'bbb3']);
    expect(await ids('--since', '6h')).toEqual(['aaa1', 'aab2']);
    expect(await ids('--since', '2d', '--until', '6h')).toEqual(['bbb3']);
    expect(await ids('--search', 'sold article')).toEqual(['aaa1']);
    expect(await ids('--search', 'aa')).toEqual(['aaa1', 'aab2']);
    expect(await project.ok(['executions', 'list', '--ids'])).toBe('aaa1\naab2\nbbb3');
    const table = await project.ok(['executions', 'list']);
    expect(table.split('\n')[0]).toMatch(/^ID +WORKFLOW +STATUS +STARTED +TOOK +ERROR$/);
    expect(table).toMatch(/aaa1 +w +✖ failed +\S+Z +\S+ +NO_STOCK The article is sold out\./);
  });

  test('goes on page by page, or prints all', async () => {
    const project = createProject();
    await seed(
      project,
      Array.from({ length: 7 }, (_, at) => ({ id: `x${at}`, hours: at })),
    );
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const next = cursor === undefined ? [] : ['--cursor', cursor];
      const page = await project.json<Page>(['executions', 'list', '--limit', '3', ...next]);
      expect(page.count).toBe(7);
      all.push(...page.results.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(all).toEqual(['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6']);
    expect((await project.json<Page>(['executions', 'list', '--all'])).results.map(({ id }) => id)).toEqual(
      all,
    );
    const first = await project.run(['executions', 'list', '-n', '3']);
    expect(first.stderr).toMatch(/3 of 7; go on with --cursor \S+, or --all/);
    const none = await project.run(['executions', 'list', '--status', 'partial']);
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'No executions match.\n' });
    expect(await project.json(['executions', 'list', '--all', '-s', 'partial'])).toEqual({
      results: [],
      count: 0,
    });
  });

  test('all of several pages are one table', async () => {
    const project = createProject();
    const executions = Array.from({ length: 501 }, (_, at) => ({ id: `x${at}`, hours: at }));
    await seed(project, executions);
    const lines = (await project.ok(['executions', 'list', '--all'])).split('\n');
    expect(lines.filter((line) => line.startsWith('ID'))).toEqual([lines[0]]);
    expect(lines).toHaveLength(502);
  });

  test('ends with 141 when its reader goes away', async () => {
    const project = createProject();
    await seed(project, [{ id: 'x', hours: 1 }]);
    const { child, outcome } = project.start(['executions', 'list', '--all']);
    child.stdout!.destroy();
    expect(await outcome).toMatchObject({ code: 141, stderr: '' });
  });

  test.each([
    [['--status', 'faild'], '--status is "faild", which is no status. Did you mean "failed"?'],
    [['--since', 'yesterday'], '--since is "yesterday", which is no time'],
    [['--since', '1h', '--until', '2h'], '--since is not before --until'],
    [['--limit', '0'], '--limit is "0": it has to be a whole number from 1 to 500.'],
    [['--all', '--limit', '3'], '--all and --limit contradict each other.'],
    [['--all', '--cursor', 'x'], '--all and --cursor contradict each other.'],
    [['--cursor', 'garbage'], 'cursor'],
  ])('%j is refused', async (args, message) => {
    const project = createProject();
    await project.ok(['db', 'migrate']);
    const { code, stdout, stderr } = await project.run(['executions', 'list', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n +at /);
  });
});

describe.each(['show', 'logs', 'cancel', 'retry', 'approve'])('%s', (verb) => {
  test('an id may be abbreviated, and has to be of one execution', async () => {
    const project = createProject();
    await seed(project, [
      { id: 'abc1', hours: 1 },
      { id: 'abd2', hours: 1 },
      { id: 'b', hours: 1 },
      { id: 'bc', hours: 1 },
    ]);
    const told = async (id: string): Promise<string> => {
      const { code, stderr } = await project.run(['executions', verb, id]);
      return code === 2 ? stderr : `${code}`;
    };
    expect(await told('ab')).toContain('Several executions begin with "ab": ');
    expect(await told('x')).toContain('There is no execution whose id is or begins with "x".');
    expect(await told('')).toContain('There is no execution whose id is or begins with "".');
    expect(await told('%')).toContain('There is no execution whose id is or begins with "%".');
    const found = /Several executions|no execution whose/;
    expect(await told('ABC')).not.toMatch(found);
    expect(await told('b')).not.toMatch(found);
  });

  test('without a database it says so, and makes none', async () => {
    const project = createProject();
    const { code, stderr } = await project.run(['executions', verb, 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no database at ${project.path('vwmp.db')}`);
  });
});

const long = workflow(
  [
    noted('first'),
    { id: 'pay', handler: 'core.wait', config: { signal: 'paid' }, dependencies: ['first'] },
    {
      id: 'check',
      handler: 'core.approval',
      config: {
        prompt: 'Fine?',
        form: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
      },
      dependencies: ['pay'],
    },
    noted('last', ['check:approved']),
  ],
  { output: '${steps.pay.output}' },
);

test('a signal whose key has a secret in it is seen to have come, too', async () => {
  const project = createProject({
    'w.yaml':
      'name: W\nparameters: [{ name: token, type: secret }]\nsteps: [{ id: pay, handler: core.wait, config: { signal: paid } }]\n',
  });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml', '-p', 'token=correct-horse']);
  await project.until(id, ({ waits }) => waits.length === 1);
  const pay = ['executions', 'signal', id, 'paid', '--key', 'bill correct-horse'];
  expect(await project.ok(pay)).toContain('The execution has got the signal "paid".');
  await project.until(id, ({ status }) => status === 'success');
  expect(await project.ok(['executions', 'show', id, '--json'])).not.toContain('correct-horse');
  await project.seed(async ({ audit }) => {
    const [record] = (await audit.list()).results.filter(({ action }) => action === 'execution.signalled');
    expect(record?.details?.idempotency_key).toMatch(/^\*\*\*[\da-f]{64}$/);
  });
});

test('one that a worker could not take up says so', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'mine.say', config: {} }]),
    'vwmp.config.mjs': `export default { plugins: [{ name: 'mine', handlers: { say: {
      description: 'Says a word.', config: { type: 'object' }, execute: () => 'hi' } } }] };`,
  });
  const id = await project.ok(['start', 'w.yaml']);
  rmSync(project.path('vwmp.config.mjs'));
  const worker = await project.worker();
  await worker.until(/could not be taken up/);
  await vi.waitUntil(async () => (await project.ok(['executions', 'show', id])).includes('tried again'));
  expect(await project.ok(['executions', 'show', id])).toMatch(
    /pending for \S+ +A worker could not take it up, and says why in its log; it is tried again in \d+s$/,
  );
});

test('an execution from its start to its end, with a worker beside it', async () => {
  const project = createProject({ 'w.yaml': long, 'payload.json': '{"amount": 12}' });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, ({ waits }) => waits.length === 1);
  const waiting = await project.ok(['executions', 'show', id]);
  expect(waiting).toMatch(/✔ first +shell\.run +\S+/);
  expect(waiting).toMatch(/◷ pay +core\.wait +waits for the signal "paid"/);
  expect(waiting).toMatch(/· check +core\.approval +after pay/);
  expect(waiting).toMatch(/· last +shell\.run +after check:approved/);
  expect(waiting).toMatch(/◷ waiting for \S+ +Nobody has it; it goes on when what it waits for comes/);

  const pay = ['executions', 'signal', id, 'paid', '@payload.json', '--key', 'bill-1'];
  expect(await project.ok(pay)).toContain('The execution has got the signal "paid".');
  await project.until(id, ({ waits }) => waits.some(({ wait }) => wait.kind === 'approval'));
  expect(await project.ok(pay)).toContain('The execution has got the signal "paid".');

  const wrong = await project.run(['executions', 'approve', id, 'pay']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toMatch(/"pay".*does not wait for an approval\. These wait: check \(Fine\?\)\./);
  const unfilled = await project.run(['executions', 'approve', id]);
  expect(unfilled.code).toBe(2);
  expect(unfilled.stderr).toContain('APPROVAL_INVALID');

  const decided = await project.ok([
    'executions',
    'approve',
    id,
    '--values',
    '{"n": 1}',
    '--by',
    'Ana',
    '--comment',
    'ok',
  ]);
  expect(decided).toContain('Step "check" was approved.');
  const ended = await project.until(id, ({ status }) => status === 'success');
  expect(ended.output).toEqual({ amount: 12 });
  expect(ended.steps.check!.output).toMatchObject({
    approved: true,
    by: 'Ana',
    comment: 'ok',
    values: { n: 1 },
  });
  expect(await project.ok(['executions', 'show', id])).toMatch(
    /✔ success in .*4 succeeded[\s\S]*Output[\s\S]*"amount": 12/,
  );

  expect(await project.ok(pay)).toContain('The execution has got the signal "paid". It ended: success.');
  for (const [args, message] of [
    [['cancel', id], 'EXECUTION_NOT_ACTIVE'],
    [['signal', id, 'paid'], 'EXECUTION_NOT_ACTIVE'],
    [['signal', id, 'paid', '--key', 'bill-2'], 'EXECUTION_NOT_ACTIVE'],
    [['signal', id, 'paid', '--key', ''], 'The key is empty.'],
    [['approve', id], `No step of execution "${id}" waits for an approval. It has ended: success.`],
    [['retry', id], 'RETRY_INVALID Every step has succeeded.'],
    [['retry', id, '--from', 'nope'], 'RETRY_INVALID'],
  ] as const) {
    const { code, stderr } = await project.run(['executions', ...args]);
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain(message);
  }
});

test('without a worker a message is recorded, and carried out as soon as one runs', async () => {
  const project = createProject({ 'w.yaml': long });
  const id = await project.ok(['start', 'w.yaml']);
  const cancelled = await project.ok(['start', 'w.yaml']);
  expect(await project.ok(['executions', 'signal', id, 'paid', '1'])).toContain(
    'Recorded. No worker has taken it up yet: one that runs does within 1s, else the next one: vwmp worker.',
  );
  expect(await project.json(['executions', 'cancel', cancelled, '--reason', 'wrong one'])).toMatchObject({
    ...{ execution_id: cancelled, outcome: 'recorded', status: 'pending' },
  });
  expect(await project.ok(['executions', 'show', id])).toMatch(/inbox +1 message waits for a worker/);
  await project.worker();
  await project.until(id, ({ steps }) => steps.pay?.status === 'success');
  const { error } = await project.until(cancelled, ({ status }) => status === 'cancelled');
  expect(error).toMatchObject({ message: 'wrong one' });
});

test('a decision that names its question may be sent again, and answers no later one', async () => {
  const ask = {
    ...{ id: 'ask', handler: 'core.approval', config: { prompt: 'Again?' } },
    repeat: { until: 'output.approved', max: 3 },
  };
  const project = createProject({ 'w.yaml': workflow([ask]) });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  const [first] = (await project.until(id, ({ waits }) => waits.length === 1)).waits;
  const reject = ['executions', 'approve', id, '--reject', '--asked', String(first!.asked)];
  expect(await project.ok(reject)).toContain('Step "ask" was rejected.');
  const [second] = (await project.until(id, ({ waits }) => (waits[0]?.asked ?? 0) > first!.asked!)).waits;
  for (const args of [reject, [...reject.slice(0, 3), 'ask', ...reject.slice(3)]])
    expect(await project.ok(args)).toContain('Step "ask" was rejected.');
  const other = await project.run(reject.filter((each) => each !== '--reject'));
  expect(other.code).toBe(2);
  expect(other.stderr).toContain(
    `The question ${first!.asked} of step "ask" was answered otherwise, or has ended without an answer. It asks again now, with ${second!.asked}.`,
  );
  expect((await project.show(id)).waits).toMatchObject([{ step_id: 'ask', asked: second!.asked }]);
  for (const [args, message] of [
    [['--asked', '1'], `Execution "${id}" has asked no question 1. Numbers of questions are in "waits"`],
    [['--asked', '999'], 'has asked no question 999.'],
    [['other', '--asked', String(second!.asked)], `The question ${second!.asked} is one of step "ask".`],
    [['--asked', 'x'], '--asked is "x": it has to be a whole number from 1'],
  ] as const) {
    const { code, stderr } = await project.run(['executions', 'approve', id, ...args]);
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain(message);
  }
  expect(await project.ok(['executions', 'approve', id])).toContain('Step "ask" was approved.');
  await project.until(id, ({ status }) => status === 'success');
  expect(await project.ok(reject)).toContain('The execution ended: success.');
});

test('a retry with a key is started once, and noted once', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'a', handler: 'core.fail', config: { message: 'No.' } }]),
  });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, ({ status }) => status === 'failed');
  const retry = ['executions', 'retry', id, '--key', 'again'];
  const once = await project.ok(retry);
  const twice = await project.run(retry);
  expect(twice).toMatchObject({ code: 0, stdout: `${once}\n` });
  expect(twice.stderr).toContain('It was retried before with this key, and not again.');
  const empty = await project.run(['executions', 'retry', id, '--key', '']);
  expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('The key is empty.') as string });
  await project.seed(async ({ audit }) => {
    const { results } = await audit.list();
    expect(results.filter(({ action }) => action === 'execution.retried')).toHaveLength(1);
  });
});

test('a gentle cancel lets what is being undone go on', async () => {
  const undo = 'while [ ! -e gate ]; do sleep 0.05; done; echo undone >> ran';
  const project = createProject({
    'w.yaml': workflow([
      { ...noted('a'), compensate: { handler: 'shell.run', config: { command: undo, shell: true } } },
      { id: 'b', handler: 'core.wait', config: { signal: 'paid' }, dependencies: ['a'] },
    ]),
  });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, ({ waits }) => waits.length === 1);
  await project.ok(['executions', 'cancel', id]);
  await project.ok(['executions', 'cancel', id, '--gentle']);
  project.write('gate');
  await project.until(id, ({ status }) => status === 'cancelled');
  expect(project.text('ran')).toBe('a\nundone\n');
});

describe('what is sent at the moment at which the execution ends', () => {
  const asking = workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'Go?' } }]);

  /** One that waits for an approval, and no worker to take in what comes. */
  async function waiting(): Promise<{ project: TestProject; id: string }> {
    const project = createProject({ 'w.yaml': asking });
    const worker = await project.worker();
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, ({ waits }) => waits.length === 1);
    worker.child.kill('SIGTERM');
    await worker.outcome;
    return { project, id };
  }

  /** Runs a command, and has something happen as soon as it has sent its message. */
  async function meanwhile(
    project: TestProject,
    [verb, id, ...more]: readonly [string, string, ...string[]],
    happen: (executions: ExecutionStore) => Promise<unknown>,
  ): Promise<Outcome> {
    const outcome = Promise.withResolvers<Outcome>();
    await project.seed(async ({ executions }) => {
      outcome.resolve(project.run(['executions', verb, id, ...more]));
      while ((await executions.messages(id)).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 10));
      await happen(executions);
    });
    return outcome.promise;
  }

  const cancelled = (id: string) => async (executions: ExecutionStore) => {
    const { seq, epoch, document: _, ...summary } = (await executions.get(id))!;
    const completed_at = new Date().toISOString();
    const head = { seq: seq + 1, execution_id: id, timestamp: completed_at };
    await executions.append({
      summary: { ...summary, status: 'cancelled', completed_at },
      ...{ expected_seq: seq, epoch: epoch + 1 },
      events: [{ event: 'workflow_completed', status: 'cancelled', ...head }],
    });
  };

  test.each([
    ['approve', [], 'decision'],
    ['approve', ['--json'], 'decision'],
    ['signal', ['paid'], 'signal'],
    ['signal', ['paid', '--json'], 'signal'],
  ])('%s %j that a cancel went before is told as too late', async (verb, more, what) => {
    const { project, id } = await waiting();
    const { code, stdout, stderr } = await meanwhile(project, [verb, id, ...more], cancelled(id));
    expect(code).toBe(1);
    if (more.includes('--json'))
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'missed', status: 'cancelled' });
    else expect(stderr).toContain(`The execution ended (cancelled) before the ${what} was taken in.`);
  });

  test('a signal that a cancel went before, while what succeeded is undone, is not got', async () => {
    const undo = 'while [ -e ran ] && [ ! -e gate ]; do sleep 0.05; done';
    const project = createProject({
      'w.yaml': workflow([
        { ...noted('a'), compensate: { handler: 'shell.run', config: { command: undo, shell: true } } },
        { id: 'b', handler: 'core.wait', config: { signal: 'paid' }, dependencies: ['a'] },
      ]),
    });
    await project.worker();
    const id = await project.ok(['start', 'w.yaml']);
    await project.until(id, ({ waits }) => waits.length === 1);
    await project.ok(['executions', 'cancel', id]);
    const { code, stderr } = await project.run(['executions', 'signal', id, 'paid']);
    project.write('gate');
    expect(code).toBe(1);
    expect(stderr).toContain('The execution was ending already when the signal came');
  });

  test('a second decision is told that the first one waits for a worker', async () => {
    const { project, id } = await waiting();
    await project.ok(['executions', 'approve', id, 'ok']);
    const second = await project.run(['executions', 'approve', id, 'ok', '--reject']);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(
      'Step "ok" has been decided already, and the decision waits for a worker.',
    );
    expect(second.stderr).not.toContain('These wait');
  });

  test('what is sent again while it waits for a worker is still recorded, and a decision noted once', async () => {
    const { project, id } = await waiting();
    const asked = String((await project.show(id)).waits[0]!.asked);
    const decide = ['executions', 'approve', id, '--comment', 'fine'];
    const signal = ['executions', 'signal', id, 'paid', '--key', 'once'];
    for (const args of [decide, decide, [...decide, '--asked', asked], signal, signal])
      expect(await project.json(args)).toMatchObject({ outcome: 'recorded' });
    const worker = await project.worker();
    await project.until(id, ({ status }) => status === 'success');
    worker.child.kill('SIGTERM');
    await worker.outcome;
    expect(await project.json([...decide, '--asked', asked])).toMatchObject({ outcome: 'ended' });
    await project.seed(async ({ audit }) => {
      const { results } = await audit.list({ limit: 100 });
      expect(results.filter(({ action }) => action === 'approval.decided')).toHaveLength(1);
    });
  });

  test.each([
    ['cancel', []],
    ['signal', ['paid']],
    ['approve', ['ok']],
  ])('%s says that one which was pruned has ended', async (verb, more) => {
    const { project, id } = await waiting();
    const { code, stdout, stderr } = await meanwhile(project, [verb, id, ...more], async () =>
      prune(project),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The execution has ended, and was removed at that moment');
  });

  test('--wait ends with 1 when it was pruned', async () => {
    const project = createProject({ 'w.yaml': asking });
    const plain = project.start(['start', 'w.yaml', '--wait']);
    const json = project.start(['start', 'w.yaml', '--wait', '--json']);
    await Promise.all([plain.until(/[0-9a-z]{21}/), json.until(/No worker has taken it up yet/)]);
    prune(project);
    const told = 'has ended, and was removed at that moment: how it ended is not known.';
    const { code, stderr } = await plain.outcome;
    expect(code).toBe(1);
    expect(stderr).toContain(told);
    const outcome = await json.outcome;
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      error: { code: 'EXECUTION_NOT_FOUND', message: expect.stringContaining(told) as string },
    });
  });
});

/** Removes all executions at once, as prune does it with those that have ended. */
function prune(project: TestProject): void {
  const database = new DatabaseSync(project.path('vwmp.db'), { enableForeignKeyConstraints: false });
  // Somebody may be writing just then.
  database.exec('pragma busy_timeout = 30000; delete from executions');
  database.close();
}

test('what runs is shown as running, by whom, and as ready when nobody has it', async () => {
  const project = createProject({
    'w.yaml': workflow([noted('before'), gated('running', 'gate', ['before'])]),
  });
  const worker = await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, () => project.text('ran').includes('running'));
  const shown = await project.ok(['executions', 'show', id]);
  expect(shown).toMatch(/→ running +shell\.run/);
  expect(shown).toMatch(/A worker has it: \S+/);
  worker.child.kill('SIGKILL');
  await worker.outcome;
  const other = await project.worker({ env: { VWMP_GRACE_PERIOD: '0ms' } });
  await project.until(id, () => project.text('ran').split('running').length === 3);
  other.child.kill('SIGTERM');
  await other.outcome;
  expect(await project.ok(['executions', 'show', id])).toMatch(
    /· running +shell\.run +ready, and no worker has it[\s\S]*Its worker \S+ is gone/,
  );
});

test('a cancel undoes what succeeded', async () => {
  const project = createProject({
    'w.yaml': workflow([
      {
        ...noted('a'),
        compensate: { handler: 'shell.run', config: { command: 'echo undo >> ran', shell: true } },
      },
      { id: 'b', handler: 'core.wait', config: { signal: 'x' }, dependencies: ['a'] },
    ]),
  });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  await project.until(id, ({ waits }) => waits.length === 1);
  await project.ok(['executions', 'cancel', id]);
  await project.until(id, ({ status }) => status === 'cancelled');
  expect(project.text('ran')).toBe('a\nundo\n');
  expect(await project.ok(['executions', 'show', id])).toMatch(/undone a/);
});

test('show --wait waits for the end, and ends as the execution did', async () => {
  const project = createProject({
    'w.yaml': workflow([{ id: 'go', handler: 'core.wait', config: { signal: 'go' } }]),
  });
  await project.worker();
  const id = await project.ok(['start', 'w.yaml']);
  const waiting = project.start(['executions', 'show', id, '--wait', '--json']);
  await project.ok(['executions', 'signal', id, 'go']);
  const { code, stdout } = await waiting.outcome;
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, id, status: 'success' });
  const cancelled = await project.ok(['start', 'w.yaml']);
  const other = project.start(['executions', 'show', cancelled, '-w']);
  await project.ok(['executions', 'cancel', cancelled]);
  expect(await other.outcome).toMatchObject({ code: 1 });
  expect(await project.run(['executions', 'show', cancelled, '--wait'])).toMatchObject({ code: 1 });
  expect(await project.run(['executions', 'retry', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('→ --from STEP begins with that step.') as string,
  });
});

describe('retry', () => {
  const failing = workflow([
    noted('a'),
    { id: 'b', handler: 'core.fail', config: { message: 'No.' }, dependencies: ['a'] },
  ]);

  test('goes on from what failed, with a corrected document, and keeps what had succeeded', async () => {
    const project = createProject({
      'w.yaml': failing,
      'fixed.yaml': workflow([noted('a'), noted('b', ['a'])]),
    });
    await project.worker();
    const { id } = JSON.parse((await project.run(['start', 'w.yaml', '--wait', '--json'])).stdout) as Shown;
    const again = await project.run(['executions', 'retry', id, '--wait', '--json']);
    expect(again.code).toBe(1);
    expect(project.text('ran')).toBe('a\n');
    const fixed = await project.json<Shown>([
      'executions',
      'retry',
      id,
      '--workflow',
      'fixed.yaml',
      '--wait',
    ]);
    expect(fixed.status).toBe('success');
    expect(project.text('ran')).toBe('a\nb\n');
    expect(await project.show(fixed.id)).toMatchObject({ retry_of: id });
    const whole = await project.json<Shown>(['executions', 'retry', fixed.id, '--from', 'a', '--wait']);
    expect(whole.status).toBe('success');
    expect(project.text('ran')).toBe('a\nb\na\nb\n');
  });

  test('a document that is wrong, and an execution that has not ended, are refused', async () => {
    const project = createProject({ 'w.yaml': failing, 'broken.yaml': 'name: [', 'w2.yaml': long });
    const open = await project.ok(['start', 'w2.yaml']);
    expect((await project.run(['executions', 'retry', open])).stderr).toContain('RETRY_INVALID');
    const { code, stderr } = await project.run(['executions', 'retry', open, '--workflow', 'broken.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.yaml:1:\d+/);
  });
});

describe('what is sent has to make sense', () => {
  test.each([
    [['signal', 'x', ''], 'The name of the signal is empty.'],
    [['signal', 'x', 'paid', '{amount: 12}'], `The payload has to be JSON, like '{"key": "value"}'`],
    [['signal', 'x', 'paid', '@nope.json'], 'There is no file "nope.json".'],
    [['signal', 'x', 'paid', '@broken.json'], 'The payload in "broken.json" has to be JSON'],
    [
      ['signal', 'x', 'paid', '{"id": 9007199254740993}'],
      'The payload would lose something: 9007199254740993 would be rounded to 9007199254740992',
    ],
    [
      ['approve', 'x', '--values', '{"id": 9007199254740993}'],
      '9007199254740993 would be rounded to 9007199254740992',
    ],
    [
      ['signal', 'x', 'paid', '[{"a": {"a": 1}}, {"a": 2, "\\u0061": 3}]'],
      'The key "a" stands twice in one object.',
    ],
    [['approve', 'x', '--values', '[1]'], '--values has to be an object'],
    [['approve', 'x', '--values', 'n=1'], '--values has to be JSON'],
    [['logs', 'x', '--level', 'loud'], '--level is "loud": it has to be debug, info, warn or error.'],
  ])('%j', async (args, message) => {
    const project = createProject({ 'broken.json': '{' });
    await project.ok(['db', 'migrate']);
    const { code, stdout, stderr } = await project.run(['executions', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

test('what others wrote moves no cursor and changes no title', async () => {
  const evil = '\u001B]0;gotcha\u0007\u001B[2J\u202E';
  const named = { ...document, name: `N${evil}` };
  const project = createProject();
  await project.seed(async ({ executions, logs }) => {
    const started_at = new Date().toISOString();
    const head = { seq: 1, execution_id: 'x', timestamp: started_at };
    const given = { workflow_id: `w${evil}`, workflow_version: `1${evil}` };
    await executions.append({
      summary: { id: 'x', ...given, status: 'running', started_at },
      ...{ expected_seq: 0, epoch: 1, document: named, owner: `me${evil}` },
      origin: {
        idempotency_key: `k${evil}`,
        parent: { execution_id: `p${evil}`, step_id: `s${evil}`, attached: false },
      },
      events: [{ event: 'workflow_started', ...given, parameters: { p: evil }, ...head }],
    });
    await logs.add([
      {
        ...{ execution_id: 'x', timestamp: started_at, level: 'info', message: evil },
        data: { [evil]: evil },
      },
    ]);
  });
  for (const args of [['list'], ['show', 'x'], ['logs', 'x'], ['list', '--search', evil], ['show', evil]]) {
    const { stdout, stderr } = await project.run(['executions', ...args]);
    // Control characters other than line feeds, and what turns the direction of writing.
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  }
});
