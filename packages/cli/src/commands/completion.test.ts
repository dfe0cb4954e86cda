import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folder, vwmp } from '../testing/vwmp.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
const installed = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** A folder with a `vwmp` in it, as if it were installed. */
function withCommand(files: Record<string, string>): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = folder(files);
  writeFileSync(join(cwd, '.git/vwmp'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
  chmodSync(join(cwd, '.git/vwmp'), 0o755);
  return { cwd, env: { ...process.env, PATH: `${join(cwd, '.git')}:${process.env.PATH}`, HOME: cwd } };
}

test.each(shells)('%s accepts the script', async (shell) => {
  const { code, stdout } = await vwmp(['completion', shell]);
  expect(code).toBe(0);
  if (!installed(shell)) return;
  const file = join(folder({ script: stdout }), 'script');
  expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr).toBe('');
});

describe.skipIf(!installed('bash'))('bash completes', () => {
  const files = { 'a.yaml': '', 'b.txt': '', 'sub/c.json': '', 'with space.yml': '' };
  test.each([
    [
      'vwmp ',
      [
        'init',
        'run',
        'validate',
        'graph',
        'handlers',
        'types',
        'start',
        'worker',
        'serve',
        'executions',
        'workflows',
        'schedule',
        'queues',
        'keys',
        'secrets',
        'db',
        'bundle',
        'doctor',
        'completion',
        'help',
        '--help',
        '--version',
        '--no-color',
      ],
    ],
    ['vwmp ru', ['run']],
    ['vwmp run ', ['a.yaml', 'sub/', 'with space.yml']],
    ['vwmp run sub/', ['sub/c.json']],
    ['vwmp run --dry', ['--dry-run']],
    ['vwmp run a.yaml --params-file b', ['b.txt']],
    ['vwmp run a.yaml --workspace ', ['sub/']],
    ['vwmp graph a.yaml --format ', ['text', 'mermaid', 'svg']],
    ['vwmp graph a.yaml --format=m', ['mermaid']],
    ['vwmp handlers core.sw', ['core.switch']],
    ['vwmp types ', ['generic', 'release']],
    ['vwmp completion z', ['zsh']],
    ['vwmp help vali', ['validate']],
    ['vwmp db ', ['migrate', 'status', 'copy', 'backup', 'prune', 'check', '--help']],
    ['vwmp executions sh', ['show']],
    ['vwmp executions retry --fr', ['--from']],
    ['vwmp executions retry x --workflow ', ['a.yaml', 'sub/', 'with space.yml']],
    ['vwmp executions list --status=w', ['waiting']],
    ['vwmp db copy --to b', ['b.txt']],
    ['vwmp start ', ['a.yaml', 'sub/', 'with space.yml']],
  ])('%j', (line, expected) => {
    const { cwd, env } = withCommand(files);
    // What readline does: the words, split at "=" too, and the function that `complete` named.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    const script = `source <(vwmp completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_vwmp; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p vwmp >&2`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8' });
    expect(stderr).toBe('complete -F _vwmp vwmp\n');
    expect(stdout.trimEnd().split('\n').sort()).toEqual(expected.toSorted());
  });
});

test.skipIf(!installed('fish'))('fish completes', () => {
  const { cwd, env } = withCommand({ 'a.yaml': '', 'b.txt': '' });
  const complete = (line: string): string[] =>
    spawnSync('fish', ['--no-config', '-c', `vwmp completion fish | source; complete -C '${line}'`], {
      cwd,
      env,
      encoding: 'utf8',
    })
      .stdout.trimEnd()
      .split('\n')
      .map((each) => each.split('\t')[0] ?? '');
  expect(complete('vwmp ru')).toEqual(['run']);
  expect(complete('vwmp handlers core.sw')).toEqual(['core.switch']);
  expect(complete('vwmp graph --format m')).toEqual(['mermaid']);
  expect(complete('vwmp run a')).toEqual(['a.yaml']);
  expect(complete('vwmp run --dry')).toEqual(['--dry-run']);
  expect(complete('vwmp db mig')).toEqual(['migrate']);
  expect(complete('vwmp executions list --status wai')).toEqual(['waiting']);
});

test.skipIf(!installed('zsh'))(
  'zsh completes',
  () => {
    const { cwd, env } = withCommand({ 'a.yaml': '', 'b.txt': '' });
    // A terminal within zsh, in which Tab is pressed; the line is then shown instead of run.
    const complete = (line: string): string => {
      const script = `zmodload zsh/zpty
zpty z zsh -f
zpty -w z "PS1= RPS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -D; source <(vwmp completion zsh)"
zpty -w z 'show() { print -r -- "=\${BUFFER}="; zle kill-whole-line; }; zle -N show; bindkey "^X" show; print ready-$((1+1))'
zpty -r z text '*ready-2*'
zpty -w -n z '${line}'$'\\t\\x18'
zpty -r z text '*=vwmp*='
print -r -- "$text"`;
      const { stdout } = spawnSync('zsh', ['-f', '-c', script], {
        cwd,
        env,
        encoding: 'utf8',
        timeout: 10_000,
      });
      return /=(vwmp.*?) *=/.exec(stdout)?.[1] ?? stdout;
    };
    expect(complete('vwmp val')).toBe('vwmp validate');
    expect(complete('vwmp handlers core.sw')).toBe('vwmp handlers core.switch');
    expect(complete('vwmp graph --format m')).toBe('vwmp graph --format mermaid');
    expect(complete('vwmp run ')).toBe('vwmp run a.yaml');
    expect(complete('vwmp db mig')).toBe('vwmp db migrate');
    expect(complete('vwmp executions list --status wai')).toBe('vwmp executions list --status waiting');
  },
  30_000,
);
