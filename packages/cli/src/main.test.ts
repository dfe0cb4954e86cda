import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { commandSpecs } from './cli/specs.ts';
import { vwmp } from './testing/vwmp.ts';

test('--version prints the version and nothing else', async () => {
  expect(await vwmp(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('--help and no arguments at all list every command', async () => {
  const { code, stdout } = await vwmp(['--help']);
  expect(code).toBe(0);
  for (const [name, { summary }] of Object.entries(commandSpecs))
    expect(stdout).toMatch(new RegExp(`${name} +${summary}`));
  expect((await vwmp([])).stdout).toBe(stdout);
});

test.each(Object.keys(commandSpecs))('help %s shows its options and an example', async (name) => {
  const { code, stdout } = await vwmp(['help', name]);
  expect(code).toBe(0);
  for (const option of Object.keys(commandSpecs[name]!.options)) expect(stdout).toContain(`--${option}`);
  expect(stdout).toMatch(/Examples?\n/);
  if (name !== 'help') expect((await vwmp([name, '--help'])).stdout).toBe(stdout);
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
    [['completion', 'bsh'], 'Did you mean "bash"?'],
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
