import { describe, expect, it } from 'vitest';
import { openProject } from '../project/project.ts';
import { createMemoryTree } from '../tree/tree.ts';
import { healDocument } from './heal-document.ts';
import { healProject } from './heal-project.ts';

/** What a file of a repository becomes. */
async function healed(
  now: Record<string, string>,
  before?: Record<string, string>,
  file = 'a.md',
): Promise<string> {
  const project = await openProject(createMemoryTree(now), before && createMemoryTree(before));
  return (await healDocument(file, project, { minConfidence: 0.5 }))!.after;
}

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('slips of syntax', () => {
  it.each([
    ['js', 'console.log(f(1);', 'console.log(f(1));'],
    ['js', "const a = require('b);", "const a = require('b');"],
    ['js', "const a = require'b');", "const a = require('b');"],
    ['js', 'cosnt a = 1;', 'const a = 1;'],
    ['js', 'f(a b);', 'f(a, b);'],
    ['js', 'if (a) {\n  b();\n\nc();', 'if (a) {\n  b();\n}\nc();'],
    ['js', 'f(() => {\n  b();\n};', 'f(() => {\n  b();\n});'],
    ['js', 'moo.compile(\n  a: 1,\n  b: 2,\n})', 'moo.compile({\n  a: 1,\n  b: 2,\n})'],
    ['ts', 'fucntion f(a: string): void {}', 'function f(a: string): void {}'],
    ['json', '{"a": [1, 2,], "b": {},}', '{"a": [1, 2], "b": {}}'],
    ['json', "{'a': 'b'}", '{"a": "b"}'],
    ['json', '{\n  "a": 1\n  "b": 2\n}', '{\n  "a": 1,\n  "b": 2\n}'],
    ['json', '{a: 1, "b": "c}', undefined],
    ['yaml', 'a:\n\tb: 1\n\tc: 2', 'a:\n  b: 1\n  c: 2'],
    ['yaml', 'a: { b: "c }', 'a: { b: "c" }'],
    ['yaml', 'a:"b"\nc: d', 'a: "b"\nc: d'],
    ['sh', 'echo "hello', 'echo "hello"'],
    ['console', '$ ls\na\n$ echo "b\nb', '$ ls\na\n$ echo "b"\nb'],
    ['yaml', 'image: a\nimage: b', 'image: a\nimage: b'],
    ['yaml', 'a: @b', 'a: "@b"'],
    ['sh', 'for x in 1 2; do\n  echo $x', 'for x in 1 2; do\n  echo $x\ndone'],
    ['html', '<ul>\n  <li><b>x</li>\n</ul>', '<ul>\n  <li><b>x</b></li>\n</ul>'],
    ['css', 'a {\n  color: red;\n', 'a {\n  color: red;\n}'],
  ])('%s %j', async (language, wrong, right) => {
    const text = await healed({ 'a.md': block(language, wrong) });
    if (right === undefined) expect(text).toContain('"');
    else
      expect(text.replace(/\n+(?=[}`]|done)/g, '\n')).toBe(
        block(language, right).replace(/\n+(?=[}`]|done)/g, '\n'),
      );
  });

  it('are healed in sessions by no change that turns a command into an answer', async () => {
    for (const text of ['$ for a in b; do (', '$ x )\n$ y', '$ echo "']) {
      const after = await healed({ 'a.md': block('console', text) });
      expect(after.match(/^\$ \S/gm)).toHaveLength(text.match(/^\$ /gm)!.length);
    }
  });

  it('keep what a block is indented and quoted by, and the line ends of the file', async () => {
    expect(await healed({ 'a.md': '- x\n\n  > ```json\n  > {"a": 1,\n  >  "b": 2,}\n  > ```\n' })).toBe(
      '- x\n\n  > ```json\n  > {"a": 1,\n  >  "b": 2}\n  > ```\n',
    );
    expect(await healed({ 'a.md': 'x\r\n\r\n```json\r\n{\r\n"a": 1,\r\n}\r\n```\r\n' })).toBe(
      'x\r\n\r\n```json\r\n{\r\n"a": 1\r\n}\r\n```\r\n',
    );
  });

  it('are healed below lines that end with CR, and where a tab is wider than the list', async () => {
    expect(await healed({ 'a.md': 'a\rb\rc\n\n```json\n{"a": 1,}\n```\n\nKeep it.\n' })).toBe(
      'a\rb\rc\n\n```json\n{"a": 1}\n```\n\nKeep it.\n',
    );
    expect(await healed({ 'a.md': '\ufeff```json\n{"a": 1,}\n```\n' })).toBe(
      '\ufeff```json\n{"a": 1}\n```\n',
    );
    expect(await healed({ 'a.md': '- x\n\n  ```json\n\t{"a": 1,}\n  ```\n' })).toBe(
      '- x\n\n  ```json\n    {"a": 1}\n  ```\n',
    );
  });

  it('are left alone where a fence says so', async () => {
    const text = '```json no-check\n{"a": 1,}\n```\n';
    expect(await healed({ 'a.md': text })).toBe(text);
  });
});

describe('links', () => {
  const files = { 'docs/guide/setup.md': '# Set up\n\n## On Windows\n', 'img/a b.png': 'x' };

  it.each([
    ['[a](docs/setup.md)', '[a](docs/guide/setup.md)'],
    ['[a](/docs/setup.md#set-up)', '[a](/docs/guide/setup.md#set-up)'],
    ['[a](./docs/guide/setpu.md "t")', '[a](./docs/guide/setup.md "t")'],
    ['[a](docs/guide/setup.md#on-window)', '[a](docs/guide/setup.md#on-windows)'],
    ['![a](pics/a%20b.png)', '![a](img/a%20b.png)'],
    ['[a]: docs/setup.md\n\n[a]', '[a]: docs/guide/setup.md\n\n[a]'],
    ['<img src="a%20b.png">', '<img src="img/a%20b.png">'],
    ['[a](docs/nothing-like-it.md)', '[a](docs/nothing-like-it.md)'],
  ])('%s', async (wrong, right) => {
    expect(await healed({ ...files, 'a.md': `${wrong}\n` })).toBe(`${right}\n`);
  });

  it('follow a heading to where it stands now, and a file to its new name', async () => {
    const before = {
      'a.md': '[x](b.md#usage) [y](c.md)\n',
      'b.md': '# B\n\n## Usage\n\n## End\n',
      'c.md': 'What is in it.\n',
    };
    const now = {
      'a.md': before['a.md'],
      'b.md': '# B\n\n## How to use it\n\n## End\n',
      'reference.md': 'What is in it.\n',
    };
    expect(await healed(now, before)).toBe('[x](b.md#how-to-use-it) [y](reference.md)\n');
  });
});

describe('what counts', () => {
  it('is only what leaves nothing new that is wrong', async () => {
    // The name in the heading was renamed; with it its anchor would be another, to which a link leads.
    const before = {
      'package.json': '{"name":"k","exports":"./i.ts"}',
      'i.ts': 'export function oldName(a: string): void {}\n',
      'a.md': '# `oldName`\n\n[x](#oldname)\n',
    };
    const now = { ...before, 'i.ts': 'export function newName(a: string): void {}\n' };
    expect(await healed(now, before)).toBe(before['a.md']);
  });

  it('is asked of a suggestion, too', async () => {
    const project = await openProject(
      createMemoryTree({ 'a.md': '```toml\n```\n\n[x](nowhere.md)\n' }),
      undefined,
    );
    const suggest = (text: string) =>
      healProject(project, {
        minConfidence: 0.5,
        suggest: ({ finding }) => [
          {
            edits: [{ start: finding.start!, end: finding.end!, text }],
            rule: 'model',
            confidence: 0.6,
            reason: 'x',
          },
        ],
      });
    expect(await suggest('elsewhere.md')).toMatchObject({ patch: '', corrections: [] });
    expect(await suggest('a.md')).toMatchObject({
      files: ['a.md'],
      corrections: [{ rule: 'model' }],
      left: [],
    });
  });

  it('makes no diff of nothing', async () => {
    const project = await openProject(createMemoryTree({ 'a.md': '# A\n' }), undefined);
    expect(await healProject(project, { minConfidence: 0 })).toEqual({
      patch: '',
      files: [],
      corrections: [],
      left: [],
    });
  });
});

it('looks at all commands of a session, also below what was answered', async () => {
  const files = {
    'package.json': '{"name": "kit", "scripts": {"build": "x"}}',
    'a.md': block('console', '$ npm run build\nbuilt it\n$ npm run lint\n$ npm run \\\n    check'),
  };
  const project = await openProject(createMemoryTree(files), undefined);
  const { left } = await healProject(project, { minConfidence: 1 });
  expect(left.map(({ kind, line, subject }) => `${line} ${kind} ${subject}`)).toEqual([
    '4 script_missing lint',
    '6 script_missing check',
  ]);
});
