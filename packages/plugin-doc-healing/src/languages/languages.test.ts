import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkProject } from '../check/check-project.ts';
import { openProject } from '../project/project.ts';
import { makeFolder } from '../testing/folder.ts';
import { createMemoryTree } from '../tree/tree.ts';
import { checkInHalves } from './in-halves.ts';
import { canonicalLanguage, SyntaxChecker } from './index.ts';
import { runTool } from './run-tool.ts';
import { typedIn } from './session.ts';
import { ok } from './verdict.ts';

async function verdict(language: string, text: string): Promise<string> {
  const [found] = await new SyntaxChecker().check(canonicalLanguage(language), [text]);
  return found!.status === 'failed' ? `failed ${found!.line}:${found!.column}` : found!.status;
}

describe('what is right', () => {
  it.each([
    ['js', 'const a = await b();\nreturn a;'],
    ['js', '{\n  a: 1,\n  b: [2],\n}'],
    ['js', 'a: 1,\nb: 2'],
    ['js', 'const a = 1;\nconst a = 2;'],
    ['js', 'f({ a: 1, ... })'],
    ['js', 'function f() {\n  ...\n}'],
    ['js', 'const x = ...;'],
    ['js', '<App name="x" />'],
    ['jsx', 'const x = <a>b</a>;'],
    ['ts', 'declare function f(a: number): void;\ninterface A { b?: string }'],
    ['ts', 'b?: string;\nc(d: number): void;'],
    ['tsx', 'const x: A = <B<C> d={1} />;'],
    ['json', '{"a": [1, 2]}'],
    ['json', '"a": 1,\n"b": 2'],
    ['json', '{\n  // why\n  "a": 1,\n}'],
    ['json', '{ "a": 1, ... }'],
    ['json', '{"a": 1}\n{"a": 2}'],
    ['jsonc', '{ "a": 1, }'],
    ['jsonl', '{"a": 1}\n\n{"a": 2}'],
    ['yaml', 'a: 1\n---\nb: [1, "${x}"]'],
    ['yaml', 'a:\n  ...\n'],
    ['sh', 'npm install <name> [options]\nfor x in a b; do echo "$x"; done'],
    ['console', '$ echo "a\n> b"'],
    ['console', '$ ls -l\ntotal 0 (nothing)'],
    ['console', "ann@host:~/kit$ npm run build\n> tsc (done)\n[ok] it's fine"],
    ['console', "[root@host ~]# ls\nit's (here)"],
    ['console', '% brew install kit\n==> Downloading (x)'],
    ['console', '(venv) $ pip install x\nCollecting x (from y)'],
    ['bash', '$ curl -d \'{\n  "name": "x"\n}\' http://localhost\n{"ok": "it\'s"}'],
    ['console', "$ cat <<EOF\nit's (\nEOF\n$ echo b\n(b"],
    ['console', '$ if true; then\n    echo "yes\n"\n  fi\nyes ('],
    ['console', '$ for a in b; do\n> echo $a\n> done\n> (b'],
    ['jsx', '<A b={c}>\n  ...\n</A>\n<B/>'],
    ['sql', 'SELECT a FROM b WHERE c = 1; INSERT INTO b VALUES (1)'],
    ['html', '<p>one<p>two <br><img src="a.png">'],
    ['css', 'a { color: red }'],
    ['css', 'color: red;\nmargin: 0'],
  ])('%s %j', async (language, text) => {
    expect(await verdict(language, text)).toBe('ok');
  });
});

describe('what is wrong', () => {
  it.each([
    ['js', 'f(1;', 'failed 1:4'],
    ['js', 'cosnt a = 1;', 'failed 1:6'],
    ['ts', 'const a: = 1;', 'failed 1:10'],
    ['json', '{"a": 1,}', 'failed 1:9'],
    ['json', "{'a': 1}", 'failed 1:2'],
    ['yaml', 'a: 1\n\tb: 2', 'failed 2:1'],
    ['console', '$ ls\na\n$ echo "b\nb', 'failed 3:1'],
    ['console', '[root@host ~]# ls (x\na', 'failed 1:1'],
    ['jsx', '<A>\n<B/>', 'failed 2:5'],
    ['sh', 'echo "a', 'failed 1:1'],
    ['bash', 'foo(){\nkey=> (v', 'failed 2:1'],
    ['bash', 'echo a (\nuser=# b', 'failed 1:1'],
    ['bash', '# into a file\ncat <<EOF (\nshop> a\nEOF', 'failed 4:1'],
    ['sql', 'SELEC a FROM b', 'failed 1:7'],
    ['html', '<div><b>x</div>', 'failed 1:6'],
    ['html', '<a href="x>y</a>', 'failed 1:17'],
    ['css', 'a { color: red', 'failed 1:3'],
  ])('%s %j', async (language, text, expected) => {
    expect(await verdict(language, text)).toBe(expected);
  });
});

describe('what is never called fine', () => {
  it.each([
    ['', 'anything'],
    ['haskell', 'main = putStrLn "x"'],
    ['constructor', 'x'],
    ['__proto__', 'x'],
    ['yaml', '{{- if .Values.x }}\na: {{ .y }}\n{{- end }}'],
    ['js', 'parse(text[, options])'],
    ['js', '('.repeat(100_000)],
    ['json', '['.repeat(150_000)],
    ['js', `x = "${'a'.repeat(300_000)}"`],
    ['sql', 'SELECT `a` FROM `b` WHERE'],
    ['sql', 'shop=# SELECT 1;\n ?column?\n----------\n        1'],
    ['sql', 'SELECT ... FROM t'],
    ['console', "Reading package lists... Done\n(Reading it's"],
    ['console', 'C:\\> dir\n Volume in drive C is (x)'],
    ['powershell', 'PS C:\\kit> dir (x'],
    ['bash', 'PS C:\\kit> dir (x'],
    ['bash', '\n# on Windows\nC:\\kit> dir (x'],
    ['bash', 'shop=# SELECT (1'],
    ['console', '>>> print("it\'s")'],
    ['console', '$ select a in b; do\necho (a'],
    ['json', 'HTTP/1.1 200 OK\n\n{"a": 1}'],
    ['json', '{"a": {{ value }}}'],
    ['json', '{"a": <value>, "b": 1}'],
  ])('%s %.30j', async (language, text) => {
    expect(await verdict(language, text)).toBe('not_checked');
  });

  // With a step for each pair of its characters, one takes longer than a test may.
  it.each([
    ...['json', 'jsonl', 'sql', 'js', 'py', 'rust'].flatMap((language) => [
      [language, `(${'\n'.repeat(199_000)}{`],
      [language, `{${' '.repeat(199_000)}(`],
    ]),
    ...['json', 'js'].flatMap((language) => [
      [language, `(${'.'.repeat(199_000)}`],
      [language, `...${' '.repeat(199_000)}(`],
    ]),
  ] as [string, string][])('%s with a long run of one character, %#', async (language, text) => {
    expect(await verdict(language, text)).not.toBe('ok');
  });

  it('tools that are not there', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      for (const language of ['sh', 'python', 'go', 'rust'])
        expect(await verdict(language, 'x = (')).toBe('not_checked');
    } finally {
      process.env.PATH = path;
    }
  });
});

it('says that a program is not there, or why it was ended', async () => {
  const node = process.execPath;
  expect(await runTool('no-such-program', [])).toEqual({ missing: 'no-such-program is not installed' });
  expect(await runTool(node, ['-e', 'setInterval(() => {}, 1000)'], { timeout: 100 })).toEqual({
    missing: `${node} took too long`,
  });
  expect(await runTool(node, ['-e', 'process.stdout.write("a".repeat(9e6))'])).toEqual({
    missing: `${node} wrote too much`,
  });
  expect(await runTool(node, ['-e', 'process.kill(process.pid, "SIGTERM")'])).toEqual({
    missing: `${node} was ended by SIGTERM`,
  });
  expect(await runTool(node, ['-e', 'console.log(1)'])).toMatchObject({ code: 0, stdout: '1\n' });
});

it('Python, by Python itself', async () => {
  const found = await verdict('python', 'def f()\n  pass');
  if (found !== 'not_checked') {
    expect(found).toBe('failed 1:8');
    expect(await verdict('py', '>>> x = 1\n>>> x\n1')).toBe('ok');
    for (const right of [
      '    def f(self):\n        return 1',
      '@app.get("/")',
      'def f(self):\n    # your code here',
      'x = {"a": 1, ...}',
    ])
      expect(await verdict('py', right)).toBe('ok');
    expect(await verdict('py', '  x = (\n  y = 1')).toBe('failed 1:7');
    expect(await verdict('py', '%matplotlib inline\nimport x')).toBe('not_checked');
    expect(await verdict('py', `x = ${'('.repeat(5000)}`)).not.toBe('ok');
  }
});

it.each([
  ['refuses', 'exit 1', 'python3 failed'],
  ['says something else', 'echo Python was not found', 'python3 failed'],
  ['is ended', 'kill -9 $$', 'python3 was ended by SIGKILL'],
])('asks a python3 that only %s no more than twice', async (_, does, reason) => {
  const folder = makeFolder();
  const body = `#!/bin/sh\necho >> "$0.starts"\ncat > /dev/null\n${does}\n`;
  writeFileSync(join(folder, 'python3'), body, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  try {
    const texts = Array.from({ length: 20 }, (_, at) => `x = ${at}`);
    const verdicts = await new SyntaxChecker().check('python', texts);
    expect(verdicts).toEqual(texts.map(() => ({ status: 'not_checked', reason })));
    expect(readFileSync(`${join(folder, 'python3')}.starts`, 'utf8')).toHaveLength(2);
  } finally {
    process.env.PATH = path;
  }
});

it('reads each line of a session a few times at most, also below quotes that are never closed', () => {
  const lines = `$ echo '\n${'b\n'.repeat(98)}`.repeat(5);
  const matchAll = vi.spyOn(String.prototype, 'matchAll');
  try {
    expect(typedIn(lines)?.trim()).toMatch(/^echo '\s+echo '/);
    expect(matchAll.mock.calls.length).toBeLessThan(10 * lines.split('\n').length);
  } finally {
    matchAll.mockRestore();
  }
});

describe('texts that a program is asked about at once', () => {
  const texts = Array.from({ length: 200 }, (_, at) => String(at));
  const tooLong = { missing: 'python3 took too long' };
  async function ask(stands: (text: string) => boolean, failure = tooLong) {
    let asked = 0;
    let failed = 0;
    const verdicts = await checkInHalves(texts, async (some) => {
      asked++;
      if (some.every((text) => stands(text))) return some.map(() => ok);
      failed++;
      return failure;
    });
    return { asked, failed, ok: verdicts.filter(({ status }) => status === 'ok').length };
  }

  it('are read but for those that it fails at', async () => {
    const failure = { missing: 'python3 failed' };
    expect(await ask((text) => text !== '7' && text !== '150', failure)).toMatchObject({ ok: 198 });
  });

  it('are not waited for again and again', async () => {
    const one = await ask((text) => text !== '7');
    expect(one.failed).toBeLessThanOrEqual(5);
    expect(one.ok).toBeGreaterThan(150);
    const all = await ask(() => false);
    expect(all).toMatchObject({ ok: 0 });
    expect(all.failed).toBeLessThanOrEqual(10);
  });
});

it('has programs read the blocks of many files at once, and one that they fail at leaves the others alone', async () => {
  const folder = makeFolder();
  const body = '#!/bin/sh\necho >> "$0.starts"\ntext=$(cat)\ncase "$text" in *crash*) exit 1;; esac\n';
  writeFileSync(join(folder, 'python3'), `${body}printf '['; printf 'null'; printf ']'\n`, { mode: 0o755 });
  const one = (at: number, text = `x = ${at}`): [string, string] => [
    `${at}.md`,
    `\`\`\`python\n${text}\n\`\`\`\n`,
  ];
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => one(at)));
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  const report = async (more: [string, string][] = []) =>
    checkProject(await openProject(createMemoryTree({ ...files, ...Object.fromEntries(more) }), undefined));
  try {
    expect((await report()).blocks).toMatchObject({ total: 40, ok: 40 });
    expect(readFileSync(`${join(folder, 'python3')}.starts`, 'utf8')).toHaveLength(1);
    const { languages } = await report([one(7, 'crash')]);
    expect(languages).toMatchObject([{ ok: 39, not_checked: 1, reasons: ['python3 failed'] }]);
  } finally {
    process.env.PATH = path;
  }
});
