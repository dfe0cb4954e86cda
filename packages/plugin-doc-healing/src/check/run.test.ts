import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { WorkflowEngine } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { createCheck } from '../handlers/check.ts';
import { docHealing } from '../index.ts';
import { readScript } from '../languages/script.ts';
import { stripTypes } from '../languages/strip-types.ts';
import { createContext } from '../testing/context.ts';
import { makeFolder } from '../testing/folder.ts';
import type { Report } from './check-project.ts';

const check = createCheck({});

function block(language: string, ...lines: string[]): string {
  return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\n`;
}

async function run(text: string | readonly string[], options: object = {}): Promise<Report> {
  const folder = makeFolder({ 'a.md': typeof text === 'string' ? text : text.join('\n') });
  return (await check(createContext({ run: options }, folder))) as Report;
}

async function reasonOf(...lines: string[]): Promise<string | undefined> {
  const { runs, total } = await run(block('js', ...lines));
  expect(total).toBe(0);
  return runs?.not_checked === 1 ? runs.reasons[0] : undefined;
}

describe('code of documentation', () => {
  it('is not run unless that is asked for', async () => {
    const folder = makeFolder({ 'a.md': block('js', 'throw new Error("never run");', 'f();') });
    const report = (await check(createContext({}, folder))) as Report;
    expect(report).toMatchObject({ total: 0, findings: [] });
    expect(report.runs).toBeUndefined();
  });

  it('is run: what throws is found, with its place', async () => {
    const { runs, findings } = await run([
      block('js', 'const list = [1, 2];', 'console.log(list.map((n) => n * 2));'),
      block(
        'ts',
        'interface Point { x: number; y?: number }',
        'const read = <T extends object>(text: string): T => JSON.parse(text) as T;',
        "const point = read<Point>('{x: 1}');",
      ),
      `> ${block('js', 'const a = null;', 'await Promise.resolve();', 'a.b;').trim().replaceAll('\n', '\n> ')}`,
    ]);
    expect(runs).toEqual({ ok: 1, failed: 2, not_checked: 0, reasons: [] });
    expect(findings).toMatchObject(
      [
        { kind: 'run_failed', file: 'a.md', line: 8, block: 1 },
        { kind: 'run_failed', line: 15, column: 3, message: /cannot read property/ },
      ].map((each) => ({
        ...each,
        ...('message' in each && { message: expect.stringMatching(each.message!) as string }),
      })),
    );
  });

  it('that tells of its failure is right', async () => {
    for (const lines of [
      ['JSON.parse("{"); // throws a SyntaxError'],
      ['// RangeError: that many are not possible', 'new Array(-1);'],
    ])
      expect((await run(block('js', ...lines))).runs).toMatchObject({ ok: 1, failed: 0 });
  });

  it('is not called fine when it could not be run, and says why', async () => {
    expect(await reasonOf("import { x } from 'x';", 'x();')).toBe('needs what is outside of it');
    expect(await reasonOf('export const a = 1;')).toBe('needs what is outside of it');
    expect(await reasonOf("const fs = require('fs');")).toBe('uses a name that it does not declare');
    expect(await reasonOf('globalThis.process.exit();')).toBe('needs what is outside of it');
    expect(await reasonOf('function f() { ... }', 'f();')).toBe('leaves something out');
    expect(await reasonOf('a: 1,', 'b: 2')).toBe('a part of code');
    expect(await reasonOf('const e = <p>text</p>;')).toBe('not plain JavaScript');
    expect(await reasonOf('throw new Error("as one does");')).toBe('throws on purpose');
    expect(await reasonOf('await new Promise(() => {});')).toBe('waits for something');
    expect(await reasonOf('[].fromTheFuture();')).toBe('calls what is not there');
    expect((await run(block('ts', 'enum A { B }'))).runs?.reasons).toEqual([
      'more than JavaScript and types',
    ]);
    expect((await run(block('js no-run', 'null.a'))).runs?.reasons).toEqual(['marked no-run']);
    expect((await run([block('js', '1'), block('js', '2')], { max_blocks: 1 })).runs).toEqual({
      ...{ ok: 1, failed: 0, not_checked: 1, reasons: ['more than 1 blocks'] },
    });
  });

  it('gets nowhere when it means harm, and the next block runs', async () => {
    const hostile = [
      'while (true) {}',
      'const all = []; for (;;) all.push(new Array(1e6).fill(all));',
      "return 'x'.repeat(1e9);",
      "const f = (g) => g.constructor('return process')(); f(f);",
      '[].constructor.constructor("return this.process.exit(1)")();',
      "console.log.constructor('return process')().exit(1);",
      '(function f() { f(); })();',
      'Object.prototype.then = (go) => go(); Array.prototype.push = null; JSON.parse = null;',
      '}); globalEscape(); (() => {',
      "await import('node:fs');",
      'for (;;) console.log("x".repeat(1e5));',
      '/(a+)+$/.test("a".repeat(1e4) + "b");',
      'new Proxy({}, { get() { throw 1; } }).x;',
      `${'('.repeat(400)}1${')'.repeat(400)}`,
    ];
    const { runs, total } = await run(
      [...hostile.map((line) => block('js', line)), block('js', 'if (1 + 1 !== 2) null.x;')],
      { timeout: 50 },
    );
    expect(runs!.ok + runs!.failed + runs!.not_checked).toBe(hostile.length + 1);
    expect(runs!.failed).toBe(total);
    expect(runs!.ok).toBeGreaterThan(0);
    expect(JSON.parse('[1]')).toEqual([1]);
  });

  it('ends with its step', async () => {
    const abort = new AbortController();
    const folder = makeFolder({ 'a.md': block('js', 'while (true) {}').repeat(50) });
    const config = { run: { timeout: 10_000 } };
    const context = createContext(config, folder, { signal: abort.signal });
    const running = check(context) as Promise<unknown>;
    setImmediate(() => abort.abort(new Error('Enough.')));
    await expect(running).rejects.toThrow('Enough.');
  });

  it('is run by a template, and the report tells of it', async () => {
    const folder = makeFolder({ 'a.md': `${block('js', 'null.a;')}\n${block('js', 'fetch("x")')}` });
    const engine = new WorkflowEngine({ plugins: [docHealing], workspace: folder });
    const { document } = docHealing.workflowTypes![0]!.templates!.find(
      ({ name }) => name === 'Check and run a folder',
    )!;
    const { output } = await engine.executeWorkflow(document);
    expect(output).toMatchObject({ findings: 1, runs: { failed: 1, not_checked: 1 } });
    expect(readFileSync(join(folder, 'doc-healing.md'), 'utf8')).toMatch(
      /0 ran to their end and 1 failed; 1 were not run \(uses a name that it does not declare\)/,
    );
    await engine.close();
  });
});

describe('types are left out', () => {
  const strip = (text: string): string | undefined => {
    const read = readScript(text, 'typescript');
    return 'script' in read ? stripTypes(text, read.script.program) : undefined;
  };
  const bare = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

  it.each([
    ['function f<T>(a?: T, ...b: string[]): a is T { return a!; }', 'function f (a , ...b ) { return a ; }'],
    ['let x!: number; x = <number>1; x = 2 satisfies number;', 'let x ; x = 1; x = 2 ;'],
    [
      'abstract class A<T> extends B<T> implements C, D { private readonly a?: T = 1; abstract b(): void; static c!: X; get d(): T { return this.a } }',
      'class A extends B { a = 1; static c ; get d() { return this.a } }',
    ],
    ['class A implements B { constructor(public x: number) {} }', undefined],
    [
      'declare const a: number; import type { T } from "t"; type A = 1; function g(): void; function g(a?: number) {}',
      'function g(a ) {}',
    ],
    ['const f = async <T,>(a: T): Promise<T> => a as unknown as T;', 'const f = async (a ) => a ;'],
    ['const a = f<string>(b)!.c!;', 'const a = f (b) .c ;'],
    ['namespace N { export const a = 1; }', undefined],
  ])('%s', (text, expected) => {
    const stripped = strip(text);
    expect(stripped === undefined ? undefined : bare(stripped)).toBe(expected);
  });

  it('as Node does it, in all sources of this package', { timeout: 120_000 }, () => {
    const root = join(import.meta.dirname, '../..');
    const files = globSync('src/**/*.ts', { cwd: root });
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      // What Node puts in for safety where a line would go on otherwise.
      const plain = (code: string): string => bare(code.replaceAll(';', ' '));
      expect(plain(strip(text)!), file).toBe(plain(stripTypeScriptTypes(text)));
    }
  });
});
