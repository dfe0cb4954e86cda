import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bin, folder, type Running, type RunOptions, startProcess, workflow } from '../testing/vwmp.ts';

// A terminal by `script` of util-linux: a pseudo-terminal without a native dependency.
const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

function inTerminal(command: string, options: RunOptions, rows = 24): Running {
  const line = `stty cols 90 rows ${rows}; ${process.execPath} ${bin} ${command}`;
  return startProcess('script', ['-qec', line, '/dev/null'], options);
}

/** What stands on the screen in the end: the last frame, without colours. */
function lastFrame(stdout: string): string {
  return stdout.slice(stdout.lastIndexOf('\u001B[J') + 1).replace(/\p{Cc}\[[?\d;]*[A-Za-z]/gu, '');
}

describe.skipIf(!hasScript)('in a terminal', () => {
  test('steps are shown while they run, and a summary at the end', async () => {
    const cwd = folder({
      'w.yaml': workflow(
        [
          { id: 'wait', name: 'Wait for it', handler: 'core.sleep', config: { duration: '400ms' } },
          { id: 'each', handler: 'core.sleep', foreach: [1, 2, 3], config: { duration: '120ms' } },
          { id: 'say', handler: 'core.log', config: { message: 'a line above' }, dependencies: ['wait'] },
          { id: 'off', handler: 'core.set', config: { value: 1 }, when: '${false}' },
        ],
        { output: { done: true } },
      ),
    });
    const { outcome } = inTerminal('run w.yaml', { cwd });
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(stdout).toMatch(/sleeps for 0\.\ds/);
    expect(stdout).toMatch(/[12]\/3/);
    const end = lastFrame(stdout);
    expect(end).toContain('a line above');
    expect(end).toMatch(/✔ Wait for it +core\.sleep +4\d\dms/);
    expect(end).toMatch(/✔ each .* 3 items/);
    expect(end).toContain('↷ off');
    expect(end).toMatch(/✔ success in \d+ms {2}3 succeeded, 1 skipped/);
    expect(end).toMatch(/Output\r\n {2}\{\r\n {4}"done": true/);
    // The cursor is there again.
    expect(stdout.lastIndexOf('\u001B[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001B[?25l'));
  });

  test('a failure is told with what to do', async () => {
    const cwd = folder({
      'w.yaml': workflow([{ id: 'bad', handler: 'core.fail', config: { message: 'No paper' } }]),
    });
    const { code, stdout } = await inTerminal('run w.yaml', { cwd }).outcome;
    expect(code).toBe(1);
    expect(lastFrame(stdout)).toMatch(
      /✖ failed[\s\S]*Step "bad" failed {2}FAILED[\s\S]*No paper[\s\S]*→ To go on without it/,
    );
  });

  test('a compensation that failed is told as such', async () => {
    const made = (id: string, compensate: object): object => ({
      id,
      handler: 'core.set',
      config: { value: 1 },
      compensate,
    });
    const steps = [
      made('a', { handler: 'core.log', config: { message: 'undone' } }),
      made('b', { handler: 'core.fail', config: { code: 'LOST', message: 'Gone' } }),
      { id: 'bad', handler: 'core.fail', config: {}, dependencies: ['a', 'b'] },
    ];
    const { stdout } = await inTerminal('run w.yaml', { cwd: folder({ 'w.yaml': workflow(steps) }) }).outcome;
    expect(lastFrame(stdout)).toMatch(/ {2}undone a\r\n {2}not undone: b \(LOST Gone\)/);
  });

  test('more steps than rows: the active ones and a summary', async () => {
    const steps = [...Array(40).keys()].map((at) => ({
      id: `s${at}`,
      handler: at === 39 ? 'core.sleep' : 'core.set',
      config: at === 39 ? { duration: '300ms' } : { value: at },
    }));
    const { stdout } = await inTerminal('run w.yaml', { cwd: folder({ 'w.yaml': workflow(steps) }) }, 10)
      .outcome;
    expect(stdout).toContain('s39');
    expect(stdout).toContain('and 39 success of 40 steps');
    expect(stdout).not.toContain('s20');
  });

  test('--json keeps the live view off stdout', async () => {
    const cwd = folder({ 'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
    const { stdout } = await inTerminal('run w.yaml --json > out.json; cat out.json | head -c 1', { cwd })
      .outcome;
    expect(lastFrame(stdout)).toMatch(/✔ a[\s\S]*✔ success[\s\S]*\{/);
  });

  test('an approval asks the person, and takes a comment', async () => {
    const cwd = folder({
      'w.yaml': workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'Ship it?' } }], {
        output: '${steps.ok.output.comment}',
      }),
    });
    const { child, until, outcome } = inTerminal('run w.yaml', { cwd });
    const at = await until(/Ship it\?[\s\S]*Approve\?/);
    child.stdin?.write('y\r');
    await until(/Comment\?/, at);
    child.stdin?.write('looks fine\r');
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(lastFrame(stdout)).toMatch(/✔ ok[\s\S]*Output\r\n {2}looks fine/);
  });

  test('a form is filled in, and asked for again until it fits', async () => {
    const form = {
      type: 'object',
      required: ['pages'],
      properties: { pages: { type: 'integer', minimum: 1 }, colour: { type: 'string', default: 'blue' } },
    };
    const cwd = folder({
      'w.yaml': workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'Print?', form } }], {
        output: '${steps.ok.output.values}',
      }),
    });
    const { child, until, outcome } = inTerminal('run w.yaml --json > out.json; cat out.json', { cwd });
    let at = 0;
    const type = async (question: RegExp, answer: string): Promise<void> => {
      at = await until(question, at);
      child.stdin?.write(`${answer}\r`);
    };
    await type(/Approve\? .*Enter for no/, 'maybe');
    await type(/Answer y or n[\s\S]*Approve\?/, 'y');
    await type(/pages .*integer, required, at least 1/, '');
    await type(/This one is required[\s\S]*pages/, '0');
    await type(/colour/, '');
    await type(/Comment\?/, '');
    await type(/does not match its form[\s\S]*pages/, '3');
    await type(/colour/, '');
    const { stdout } = await outcome;
    expect(stdout).toContain('does not match its form');
    expect(stdout).toMatch(/"output": \{\r\n +"pages": 3,\r\n +"colour": "blue"/);
  });

  test('two approvals that are open at once are asked one after the other', async () => {
    const steps = ['one', 'two'].map((id) => ({
      id,
      handler: 'core.approval',
      config: { prompt: `Ship ${id}?` },
    }));
    const { child, until, outcome } = inTerminal('run w.yaml', {
      cwd: folder({ 'w.yaml': workflow(steps) }),
    });
    let at = 0;
    for (const id of ['one', 'two']) {
      at = await until(new RegExp(`Ship ${id}\\?[\\s\\S]*?Approve\\?`), at);
      child.stdin?.write('y\r');
      at = await until(/Comment\?/, at);
      child.stdin?.write('\r');
    }
    expect((await outcome).code).toBe(0);
  });

  test('Ctrl-D at one of two questions cancels and says how to go on', async () => {
    const steps = ['one', 'two'].map((id) => ({
      id,
      handler: 'core.approval',
      config: { prompt: `Ship ${id}?` },
    }));
    const { child, until, outcome } = inTerminal('run w.yaml', {
      cwd: folder({ 'w.yaml': workflow(steps) }),
    });
    await until(/Approve\?/);
    child.stdin?.write('\u0004');
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(stdout).toMatch(/Nothing was decided.*--approve one[\s\S]*Interrupted: cancelling/);
  });

  test('Ctrl-C at the question cancels', async () => {
    const cwd = folder({
      'w.yaml': workflow([{ id: 'ok', handler: 'core.approval', config: { prompt: 'Ship it?' } }]),
    });
    const { child, until, outcome } = inTerminal('run w.yaml', { cwd });
    await until(/Approve\?/);
    child.stdin?.write('\u0003');
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted: cancelling');
  });

  test('NO_COLOR leaves no colour, and the view as it is', async () => {
    const cwd = folder({ 'w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) });
    const { stdout } = await inTerminal('run w.yaml', { cwd, env: { NO_COLOR: '1' } }).outcome;
    expect(stdout).not.toMatch(/\p{Cc}\[\d+m/u);
    expect(stdout).toContain('✔ a');
  });
});
