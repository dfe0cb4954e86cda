import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { execute, type ScriptConfig } from './run.ts';

const run = (code: string, input: unknown = null, more: Partial<ScriptConfig> = {}): Promise<unknown> =>
  execute(createContext({ code, input, ...more }));

describe('script.js', () => {
  it.each([
    ['return input.a + 1', { a: 1 }, 2],
    ['return input.map(({ n }) => n ** 2).toSorted((a, b) => b - a)', [{ n: 1 }, { n: 3 }], [9, 1]],
    [
      'return { text: input.replace(/(?<y>\\d{4})/u, "[$<y>]"), ü: "\u2028" }',
      'in 2026',
      { text: 'in [2026]', ü: '\u2028' },
    ],
    ['', 1, null],
    ['return undefined', 1, null],
    ['return () => 1', 1, null],
    ['return { toJSON: () => 7 }', 1, 7],
    ['return await Promise.all([1, Promise.resolve(2)])', null, [1, 2]],
    ['await null; for await (const x of [1]) return x', null, 1],
    ['return new Date(0)', null, '1970-01-01T00:00:00.000Z'],
    ['// a comment at the end', null, null],
    ['return Array.from(new Set("aab")).join("")', null, 'ab'],
  ])('%s', async (code, input, output) => {
    expect(await run(code, input)).toEqual(output);
  });

  it('writes to the log', async () => {
    const context = createContext({ code: 'console.log("a", 1, null, {}); console.error("b".repeat(9999))' });
    await execute(context);
    expect(context.lines).toEqual([
      { level: 'info', message: 'a 1 null [object]' },
      { level: 'error', message: 'b'.repeat(4096) },
    ]);
  });

  it.each([
    ['return input.a.b', 'SCRIPT_ERROR', /TypeError: .*\(line 1\)/],
    ['\n\nthrow new RangeError("too far")', 'SCRIPT_ERROR', /^RangeError: too far \(line 3\)$/],
    ['throw "text"', 'SCRIPT_ERROR', /text/],
    ['throw { get message() { return 1 } }', 'SCRIPT_ERROR', /object/],
    ['throw null', 'SCRIPT_ERROR', /null|threw/],
    ['return (', 'SCRIPT_SYNTAX', /SyntaxError/],
    ['} ); (function () {', 'SCRIPT_ERROR', /./],
    ['import fs from "fs"', 'SCRIPT_SYNTAX', /SyntaxError/],
    ['const a = {}; a.a = a; return a', 'SCRIPT_OUTPUT_INVALID', /circular/],
    ['return 1n', 'SCRIPT_OUTPUT_INVALID', /./],
    ['await new Promise(() => {})', 'SCRIPT_PENDING', /never/],
    ['return await import("fs")', 'SCRIPT_ERROR', /./],
  ])('%j fails with %s', async (code, error, message) => {
    expect(await failure(run(code, { a: null }))).toMatchObject({
      code: error,
      message: expect.stringMatching(message) as string,
      retryable: false,
    });
  });

  it('gives the same at any time and in any place, and other random numbers to another step', async () => {
    const code = `const d = new Date(2026, 0, 1, 12);
      return [Date.now(), new Date().toString(), d.toISOString(), d.getTimezoneOffset(), Math.random(), Math.random()]`;
    const first = (await run(code)) as unknown[];
    expect(first.slice(0, 4)).toEqual([
      Date.parse('2026-01-01'),
      expect.stringContaining('Thu Jan 01 2026 00:00:00 GMT+0000'),
      '2026-01-01T12:00:00.000Z',
      0,
    ]);
    expect(await run(code)).toEqual(first);
    const other = (await execute(
      Object.assign(createContext({ code }), { step: { id: 'other' } }),
    )) as unknown[];
    expect(other[4]).not.toBe(first[4]);
  });

  it('keeps nothing from one script to the next', async () => {
    await run('globalThis.kept = 1; Array.prototype.map = () => 7; JSON.stringify = () => "8"; return 1');
    expect(await run('return [typeof kept, [1].map(String)]')).toEqual(['undefined', ['1']]);
  });
});

describe('escapes', () => {
  it.each([
    [
      'the global object',
      'return Object.getOwnPropertyNames(globalThis).filter((name) => /^(process|require|fetch|Worker|WebAssembly|Buffer|setTimeout|performance|std|os|navigator)$/.test(name))',
      [],
    ],
    [
      'a constructor',
      'return console.log.constructor("return typeof process + typeof require + typeof WebAssembly")()',
      'undefinedundefinedundefined',
    ],
    [
      'the prototypes of what the host made',
      'let o = console.log, all = []; while (o) { all.push(...Reflect.ownKeys(o).map(String)); o = Object.getPrototypeOf(o) } return all.includes("process")',
      false,
    ],
    [
      'an error of the host',
      'try { null.x } catch (e) { return e.constructor.constructor("return typeof process")() }',
      'undefined',
    ],
    [
      'a prototype in the input',
      'return [({}).polluted ?? null, Object.keys(input), input.__proto__ === Object.prototype]',
      [null, ['__proto__'], false],
    ],
    [
      'the caller',
      'return [typeof arguments.callee, arguments.length, String((function () { return this })())]',
      ['undefined', 1, '[object Object]'],
    ],
  ])('finds nothing through %s', async (_name, code, expected) => {
    const outcome = await run(code, JSON.parse('{"__proto__":{"polluted":1}}')).catch(
      (error: unknown) => error,
    );
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'SCRIPT_ERROR' });
    else expect(outcome).toEqual(expected);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('gives back no more than data when the functions of JSON are replaced', async () => {
    const outcome = await run(
      'JSON.stringify = JSON.parse = () => "[1"; Promise.prototype.then = () => ({}); return 2',
    ).catch((error: unknown) => error);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^SCRIPT_/) as string });
    else expect([2, null]).toContain(outcome);
  });
});

describe('bombs end in a clear error, and the next script runs', () => {
  it.each([
    ['for (;;) {}', ['SCRIPT_TIMEOUT']],
    ['for (;;) await null', ['SCRIPT_TIMEOUT']],
    ['const f = () => Promise.resolve().then(f); await f()', ['SCRIPT_TIMEOUT', 'SCRIPT_MEMORY']],
    ['while (true) try { for (;;) {} } catch {}', ['SCRIPT_TIMEOUT']],
    ['return /(a+)+$/.test("a".repeat(50) + "b")', ['SCRIPT_TIMEOUT']],
    ['return { toJSON() { for (;;) {} } }', ['SCRIPT_TIMEOUT']],
    ['throw { get message() { for (;;) {} } }', ['SCRIPT_TIMEOUT', 'SCRIPT_ERROR']],
    ['return new Proxy({}, { ownKeys() { for (;;) {} } })', ['SCRIPT_TIMEOUT']],
    // No step of the interpreter lies between the beginning and the end of these.
    ['const a = []; for (;;) a.push("x".repeat(1e6) + a.length)', ['SCRIPT_TIMEOUT', 'SCRIPT_MEMORY']],
    ['return Array(1e9).join("x").length', ['SCRIPT_TIMEOUT', 'SCRIPT_MEMORY', 'SCRIPT_ERROR']],
    ['let n = 3n; for (;;) n *= n', ['SCRIPT_TIMEOUT', 'SCRIPT_MEMORY', 'SCRIPT_ERROR']],
    ['const a = []; for (;;) a.push({})', ['SCRIPT_MEMORY', 'SCRIPT_TIMEOUT']],
    ['return new Uint8Array(2 ** 31)', ['SCRIPT_MEMORY', 'SCRIPT_ERROR']],
    ['return "x".repeat(2 ** 29)', ['SCRIPT_MEMORY', 'SCRIPT_TIMEOUT']],
    ['const f = () => f(); f()', ['SCRIPT_ERROR', 'SCRIPT_TIMEOUT']],
    [
      'let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o',
      ['SCRIPT_ERROR', 'SCRIPT_MEMORY', 'SCRIPT_FAILED', 'SCRIPT_TIMEOUT'],
    ],
    ['JSON.parse("[".repeat(1e6))', ['SCRIPT_ERROR', 'SCRIPT_MEMORY', 'SCRIPT_FAILED']],
    ['eval("(".repeat(1e6))', ['SCRIPT_ERROR', 'SCRIPT_MEMORY', 'SCRIPT_FAILED']],
    [
      'return RegExp("(".repeat(1e5) + ")".repeat(1e5)).test("")',
      ['SCRIPT_ERROR', 'SCRIPT_MEMORY', 'SCRIPT_FAILED'],
    ],
    ['return "ü".repeat(1e6)', ['SCRIPT_OUTPUT_TOO_LARGE', 'SCRIPT_TIMEOUT']],
    ['return Array(2e6).fill(0)', ['SCRIPT_OUTPUT_TOO_LARGE', 'SCRIPT_MEMORY', 'SCRIPT_TIMEOUT']],
    ['Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', ['SCRIPT_ERROR', 'SCRIPT_TIMEOUT']],
    ['for (;;) console.log("x".repeat(1000))', ['SCRIPT_TIMEOUT']],
  ])('%s', async (code, expected) => {
    const error = await failure(run(code, null, { timeout: 200 }));
    expect(expected).toContain(error.code);
    expect(await run('return 1')).toBe(1);
  });

  it('leaves the event loop free', async () => {
    let turns = 0;
    const count = setInterval(() => turns++, 5);
    await failure(run('for (;;) {}', null, { timeout: 300 }));
    clearInterval(count);
    expect(turns).toBeGreaterThan(5);
  });

  it('ends at an abort, running or waiting for its turn', async () => {
    const controller = new AbortController();
    const scripts = [1, 2, 3, 4].map(() =>
      failure(execute(createContext({ code: 'for (;;) {}', timeout: '60s' }, { signal: controller.signal }))),
    );
    setTimeout(() => controller.abort(new Error('cancelled')), 100);
    for (const script of scripts) expect((await script).message).toBe('cancelled');
    expect(await run('return 1')).toBe(1);
  });

  it('refuses a giant input', async () => {
    expect(await failure(run('return 1', 'x'.repeat(17_000_000)))).toMatchObject({
      code: 'SCRIPT_INPUT_TOO_LARGE',
    });
  });

  it('runs many at a time', async () => {
    const all = Array.from({ length: 50 }, (_, i) => run('return input * 2', i));
    expect(await Promise.all(all)).toEqual(all.map((_, i) => i * 2));
  });
});

it('keeps no process from ending', async () => {
  const path = (name: string): string => JSON.stringify(join(import.meta.dirname, name));
  const script = `
    const { execute } = await import(${path('run.ts')});
    const { createContext } = await import(${path('../testing/context.ts')});
    console.log(await execute(createContext({ code: 'return 1' })));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--input-type=module', '--eval', script],
    { cwd: import.meta.dirname, timeout: 20_000 },
  );
  expect(stdout).toBe('1\n');
});
