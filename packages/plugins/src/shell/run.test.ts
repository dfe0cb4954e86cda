import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContext, type LoggedLine } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { until } from '../testing/until.ts';
import type { RunOutput } from './result.ts';
import { execute } from './run.ts';
import type { RunConfig } from './run-config.ts';

let root: string;

beforeEach(async () => {
  root = await makeFolder();
});

function run(config: RunConfig, signal?: AbortSignal): Promise<RunOutput> {
  return execute(createContext(config, { root, signal }));
}

/** Runs a script of Node. */
function node(script: string, config: Partial<RunConfig> = {}, signal?: AbortSignal): Promise<RunOutput> {
  return run({ command: process.execPath, args: ['-e', script], ...config }, signal);
}

/** Processes, zombies too, that began in the folder of the test: nothing else can have that folder. */
function processes(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return realpathSync(`/proc/${pid}/cwd`).startsWith(root);
    } catch {
      return false;
    }
  });
}

/** Children of this process that have ended and were not waited for. */
function zombies(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return state === 'Z' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}

const onLinux = describe.skipIf(process.platform !== 'linux');

afterEach(async () => {
  if (process.platform === 'linux') {
    expect(processes()).toEqual([]);
    expect(zombies()).toEqual([]);
  }
  // Node closes a handle in the turn after its last event.
  await until(() => !process.getActiveResourcesInfo().includes('ProcessWrap'), 'no process handle is left');
  expect(process.listeners('exit').filter(({ name }) => name === 'killAll')).toEqual([]);
});

describe('shell.run', () => {
  it('gives code and output', async () => {
    const output = await node('console.log("out ü"); console.error("err")');
    expect(output).toEqual({
      code: 0,
      stdout: 'out ü\n',
      stderr: 'err\n',
      stdout_bytes: 7,
      stderr_bytes: 4,
      duration_ms: expect.any(Number) as number,
    });
  });

  it.each([['a b'], ['$HOME'], ['`id`'], ['$(id)'], ['"; id; "'], ["'"], ['\n'], ['*'], ['']])(
    'passes the argument %j on as it is, to programs and to scripts',
    async (arg) => {
      const args = ['-e', 'process.stdout.write(process.argv[1])', '--', arg];
      expect((await run({ command: process.execPath, args })).stdout).toBe(arg);
      expect((await run({ command: 'printf %s "$1"', args: [arg], shell: true })).stdout).toBe(arg);
    },
  );

  it('runs no shell unless it is told to', async () => {
    expect(await failure(run({ command: 'echo a; echo b' }))).toMatchObject({
      code: 'SHELL_NOT_FOUND',
      retryable: false,
    });
    expect(await failure(run({ command: 'ls -la /nope' }))).toMatchObject({
      code: 'SHELL_NOT_FOUND',
      message: expect.stringMatching(/"args".*"shell: true"/),
    });
    expect((await run({ command: 'echo a | tr a b; echo $0', shell: true })).stdout).toBe('b\nsh\n');
  });

  it('runs in a folder of the workspace', async () => {
    mkdirSync(join(root, 'sub'));
    writeFileSync(join(root, 'file'), '');
    symlinkSync('/tmp', join(root, 'out'));
    expect((await run({ command: 'pwd' })).stdout).toBe(`${root}\n`);
    expect((await run({ command: 'pwd', cwd: 'sub' })).stdout).toBe(`${root}/sub\n`);
    expect(await failure(run({ command: 'pwd', cwd: '..' }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await failure(run({ command: 'pwd', cwd: 'out' }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await failure(run({ command: 'pwd', cwd: 'none' }))).toMatchObject({ code: 'SHELL_CWD_INVALID' });
    expect(await failure(run({ command: 'pwd', cwd: 'file' }))).toMatchObject({ code: 'SHELL_CWD_INVALID' });
  });

  it('makes the workspace when it is not there yet', async () => {
    const later = join(root, 'later');
    expect((await execute(createContext({ command: 'pwd' }, { root: later }))).stdout).toBe(`${later}\n`);
  });

  it('gives the environment that was asked for and no other', async () => {
    process.env.VWMP_TEST_SECRET = 'secret';
    const names = async (config: Partial<RunConfig>): Promise<string[]> => {
      const { stdout } = await node('console.log(JSON.stringify(process.env))', { json: true, ...config });
      return Object.keys(stdout as object)
        .filter((name) => name !== 'VWMP_COMMAND_ID')
        .sort();
    };
    const usual = ['HOME', 'LANG', 'PATH', 'TMPDIR'].filter((name) => process.env[name] !== undefined);
    expect(await names({})).toEqual(usual);
    expect(await names({ env: { A: '1' }, inherit: [] })).toEqual(['A']);
    expect(await names({ inherit: ['VWMP_TEST_SECRET', 'NOT_THERE'] })).toEqual(['VWMP_TEST_SECRET']);
    delete process.env.VWMP_TEST_SECRET;
  });

  it('feeds stdin, and leaves it empty otherwise', async () => {
    expect((await run({ command: 'cat', input: 'text ü' })).stdout).toBe('text ü');
    expect((await run({ command: 'cat', input: { a: 1 }, json: true })).stdout).toEqual({ a: 1 });
    expect((await run({ command: 'cat' })).stdout).toBe('');
    // More than a pipe holds, to a command that does not read it.
    expect((await run({ command: 'true', input: 'x'.repeat(1_000_000) })).code).toBe(0);
  });

  it('fails with the code and the end of stderr', async () => {
    const error = await failure(node('console.error("x".repeat(5000) + "the reason"); process.exitCode = 3'));
    expect(error).toMatchObject({ code: 'SHELL_EXIT', retryable: true, details: { code: 3 } });
    const { stderr } = error.details as { stderr: string };
    expect(stderr).toHaveLength(2048);
    expect(stderr).toMatch(/xthe reason\n$/);
    expect(await run({ command: 'exit 3', shell: true, ok: [0, 3] })).toMatchObject({ code: 3 });
    expect(await failure(run({ command: 'exit 0', shell: true, ok: [3] }))).toMatchObject({
      code: 'SHELL_EXIT',
    });
  });

  it('says which signal ended it', async () => {
    expect(await failure(run({ command: 'kill -9 $$', shell: true }))).toMatchObject({
      code: 'SHELL_SIGNAL',
      details: { signal: 'SIGKILL' },
    });
  });

  it('says why it cannot start, and repeats no argument', async () => {
    writeFileSync(join(root, 'plain'), 'text');
    expect(await failure(run({ command: 'no-such-program' }))).toMatchObject({
      code: 'SHELL_NOT_FOUND',
      retryable: false,
    });
    expect(await failure(run({ command: './plain' }))).toMatchObject({
      code: 'SHELL_NOT_EXECUTABLE',
      retryable: false,
    });
    for (const config of [
      { command: 'true', args: ['secret\0'] },
      { command: 'true', env: { A: 'secret\0' } },
      { command: 'true', args: ['secret'.repeat(1_000_000)] },
    ]) {
      const error = await failure(run(config));
      expect(error).toMatchObject({ code: 'SHELL_ARGUMENT_INVALID', retryable: false });
      expect(JSON.stringify([error.message, error.cause])).not.toContain('secret');
    }
  });

  it('keeps the beginning of the output, counts the rest, and cuts no character in two', async () => {
    const output = await node('process.stdout.write("ü".repeat(500_000))', { max_output_bytes: 1001 });
    expect(output).toMatchObject({ stdout: 'ü'.repeat(500), stdout_bytes: 1_000_000 });
  });

  it('ends what writes too much, when that is a failure', async () => {
    expect(await failure(run({ command: 'yes', max_output_bytes: 1000, overflow: 'fail' }))).toMatchObject({
      code: 'SHELL_OUTPUT_TOO_LARGE',
      retryable: false,
    });
  });

  it('reads JSON', async () => {
    expect((await run({ command: 'echo', args: ['{"a":1}'], json: true })).stdout).toEqual({ a: 1 });
    const error = await failure(run({ command: 'echo', args: ['private'], json: true }));
    expect(error).toMatchObject({ code: 'SHELL_OUTPUT_INVALID', retryable: false });
    expect(JSON.stringify([error.message, error.details])).not.toContain('private');
  });

  it('logs line by line, while it runs', async () => {
    const context = createContext<RunConfig>(
      { command: 'echo one; read line; printf "t\\r\\nthree"', shell: true, input: '' },
      { root },
    );
    await execute(context).catch(() => {});
    expect(context.lines.map(({ message, data }) => [message, data])).toEqual([
      ['one', { stream: 'stdout' }],
      ['t', { stream: 'stdout' }],
      ['three', { stream: 'stdout' }],
    ]);
    const quiet = createContext<RunConfig>({ command: 'echo', log: false }, { root });
    await execute(quiet);
    expect(quiet.lines).toEqual([]);
  });

  it('does not make an endless log of an endless output', async () => {
    const context = createContext<RunConfig>(
      { command: 'yes | head -c 1000000', shell: true, max_output_bytes: 100 },
      { root },
    );
    await execute(context);
    const messages = context.lines.map(({ message }: LoggedLine) => message);
    expect(messages).toHaveLength(51);
    expect(messages.at(-1)).toContain('100 bytes');
  });
});

onLinux('the end of a command', () => {
  const ready = (): Promise<void> => until(() => existsSync(join(root, 'ready')), 'the command is ready');
  const ignore = 'trap "" TERM INT HUP';

  it.each([
    ['a program', 'touch ready; exec sleep 1000'],
    ['a child', 'sleep 1000 & touch ready; wait'],
    ['grandchildren', 'sh -c "sh -c \'sleep 1000 & touch ready; wait\'; true"; true'],
    ['what ignores SIGTERM', `${ignore}; touch ready; while :; do sleep 1; done`],
    ['grandchildren that ignore SIGTERM', `(${ignore}; touch ready; while :; do sleep 1; done) & wait`],
    ['what is stopped', 'touch ready; kill -STOP $$'],
    ['what left the group', 'setsid sleep 1000 & sleep 0.1; touch ready; wait'],
    ['a daemon', 'setsid sh -c "setsid sleep 1000 >/dev/null 2>&1 & touch ready" & wait; sleep 1000'],
    [
      'a daemon that ignores SIGTERM',
      `setsid sh -c '${ignore}; touch ready; while :; do sleep 1; done' >/dev/null 2>&1 & wait`,
    ],
    ['what wiped its environment', 'exec env -i sh -c "touch ready; sleep 1000; true"'],
    [
      'a child that wiped its environment and left',
      'setsid env -i sleep 1000 & sleep 0.1; touch ready; wait',
    ],
  ])('takes %s with it', async (_name, command) => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const running = failure(run({ command, shell: true }, abort.signal));
    await ready();
    expect(processes().length).toBeGreaterThan(0);
    abort.abort(reason);
    expect(await running).toBe(reason);
    expect(processes()).toEqual([]);
  });

  it('is left the time to clean up', async () => {
    const abort = new AbortController();
    const command = 'trap "echo > cleaned; exit 1" TERM; touch ready; while :; do sleep 0.05; done';
    const running = failure(run({ command, shell: true }, abort.signal));
    await ready();
    abort.abort(new Error('cancelled'));
    await running;
    expect(existsSync(join(root, 'cleaned'))).toBe(true);
  });

  it('comes with its timeout', async () => {
    const error = await failure(run({ command: 'sleep', args: ['1000'], timeout: '50ms' }));
    expect(error).toMatchObject({ code: 'SHELL_TIMEOUT', retryable: true });
  });

  it('does not wait for what it left in the background', async () => {
    expect(await run({ command: 'sleep 1000 & echo done', shell: true })).toMatchObject({
      code: 0,
      stdout: 'done\n',
    });
    expect(await run({ command: 'setsid sleep 1000 & sleep 0.1; echo done', shell: true })).toMatchObject({
      code: 0,
      stdout: 'done\n',
    });
  });

  it('does not come to others', async () => {
    const other = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await failure(run({ command: 'sleep 1000', shell: true, timeout: '50ms' }));
    expect(other.exitCode).toBeNull();
    expect(other.signalCode).toBeNull();
    const gone = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await gone;
  });

  it('starts nothing when it is aborted already', async () => {
    const reason = new Error('cancelled');
    expect(await failure(run({ command: 'touch', args: ['ready'] }, AbortSignal.abort(reason)))).toBe(reason);
    expect(existsSync(join(root, 'ready'))).toBe(false);
  });

  it('leaves no descriptor open', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    await run({ command: 'true' });
    const before = open();
    for (let i = 0; i < 20; i++) await run({ command: 'true', input: 'x' });
    await failure(run({ command: 'sleep', args: ['1000'], timeout: 1 }));
    expect(open()).toBeLessThanOrEqual(before);
  });
});
