import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { allSpecs } from './cli/all-specs.ts';
import { groups, wholeNames } from './completion/sources.ts';
import { bin, folder, startProcess, vwmp } from './testing/vwmp.ts';

test('--version prints the version and nothing else', async () => {
  expect(await vwmp(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('--help and no arguments at all list every command', async () => {
  const { code, stdout } = await vwmp(['--help']);
  expect(code).toBe(0);
  for (const [name, { summary }] of Object.entries(allSpecs))
    expect(stdout).toMatch(new RegExp(`${name}(?: …)? +${summary}`));
  expect((await vwmp([])).stdout).toBe(stdout);
});

test.each(wholeNames)('help %s shows its options and an example', async (name, spec) => {
  const words = name.split(' ');
  const { code, stdout } = await vwmp(['help', ...words]);
  expect(code).toBe(0);
  for (const option of Object.keys(spec.options)) expect(stdout).toContain(`--${option}`);
  expect(stdout).toMatch(/Examples?\n/);
  if (name !== 'help') expect((await vwmp([...words, '--help'])).stdout).toBe(stdout);
});

test.each(groups)('help %s lists its commands', async (name, { commands }) => {
  const { code, stdout } = await vwmp(['help', name]);
  expect(code).toBe(0);
  for (const [each, { summary }] of Object.entries(commands))
    expect(stdout).toMatch(new RegExp(`  ${each} .*${summary}`));
  expect((await vwmp([name, '--help'])).stdout).toBe(stdout);
  expect((await vwmp([name, '-h'])).stdout).toBe(stdout);
});

test('no line of any help is wider than 140 columns', async () => {
  for (const words of [
    [],
    ...groups.map(([name]) => [name]),
    ...wholeNames.map(([name]) => name.split(' ')),
  ]) {
    const { stdout } = await vwmp(['help', ...words]);
    for (const line of stdout.split('\n'))
      expect(line.length, `${words.join(' ')}: ${line}`).toBeLessThan(141);
  }
});

describe('a command line that makes no sense ends with 2, says why, and writes nothing to stdout', () => {
  test.each([
    [['rn'], 'There is no command "rn". Did you mean "run"?'],
    [['--versoin'], 'There is no option "--versoin". Did you mean "--version"?'],
    [['help', 'rum'], 'Did you mean "run"?'],
    [['run'], 'needs FILE'],
    [['run', 'a.yaml', 'b.yaml'], 'what is "b.yaml"?'],
    [['run', 'a.yaml', '--parm', 'x=1'], 'Did you mean "--param"?'],
    [['run', 'a.yaml', '--json=yes'], 'takes no value'],
    [['run', 'a.yaml', '--params-file'], 'needs FILE'],
    [['types', 'extra', 'words'], 'what is "words"?'],
    [['completion', 'bsh'], 'There are bash, zsh and fish.'],
    [['db'], '"vwmp db" needs one of its commands: migrate, status, copy, backup, prune or check.'],
    [['db', 'mgrate'], '"vwmp db" has no command "mgrate". Did you mean "migrate"?'],
    [['db', 'constructor'], '"vwmp db" has no command "constructor".'],
    [['db', 'status', 'x'], '"vwmp db status" takes no arguments: what is "x"?'],
    [['executions', 'show'], '"vwmp executions show" needs ID.'],
    [['executions', 'signal', 'x'], '"vwmp executions signal" needs NAME.'],
    [['executions', 'list', '--stauts', 'x'], 'Did you mean "--status"?'],
    [['executon'], 'Did you mean "executions"?'],
    [['help', 'db', 'mgrate'], 'Did you mean "migrate"?'],
    [['help', 'run', 'fast'], '"vwmp run" has no commands: what is "fast"?'],
    [['constructor'], 'There is no command "constructor".'],
    [['__proto__'], 'There is no command "__proto__".'],
    [[''], 'There is no command "".'],
    [['\u001B[31mred'], 'There is no command "\\x1b[31mred".'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await vwmp(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

test('colours are there when they are forced, and never against NO_COLOR or --no-color', async () => {
  const colour = '\u001B[';
  expect((await vwmp(['--help'])).stdout).not.toContain(colour);
  expect((await vwmp(['--help'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(colour);
  expect((await vwmp(['help', 'run', '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
    escape,
  );
  expect((await vwmp(['--help'], { env: { NO_COLOR: '1' } })).stdout).not.toContain(colour);
});

describe.skipIf(process.platform !== 'linux')('where there is no room for what is printed', () => {
  /** stdout goes to a file that may not become longer than its 1 KiB. */
  const program = `exec "${process.execPath}" "${bin}" "$@" >> log`;
  const limited = (args: readonly string[]): [string, string[]] => [
    'bash',
    ['-c', `ulimit -f 1; ${program}`, 'vwmp', ...args],
  ];

  test.each(['/dev/full', 'log'])('a command goes on, says so and ends with 1: %s', async (place) => {
    const cwd = folder({ log: ' '.repeat(1024) });
    const [name, args] =
      place === 'log'
        ? limited(['handlers'])
        : ['bash', ['-c', `exec "${process.execPath}" "${bin}" handlers > ${place}`]];
    const { code, stderr } = await startProcess(name, args, { cwd, input: '' }).outcome;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^✖ vwmp: Not all that was to be printed can be written: \w+: .*\. What was done is done\.\n$/,
    );
  });

  test('a server outlives its log', async () => {
    const cwd = folder({});
    writeFileSync(join(cwd, 'log'), ' '.repeat(1024));
    const env = { VWMP_DATABASE_BACKEND: 'memory', VWMP_API_PORT: '0' };
    const server = startProcess(...limited(['serve']), { cwd, env });
    await server.until(/Not all that was to be printed/);
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.outcome;
    expect(code).toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toHaveLength(1024);
  });
});
