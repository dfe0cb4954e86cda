import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, WorkflowEngine } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createWasm, wasm as defaultPlugin, type Wasm, type WasmOptions } from './index.ts';
import { limitModule } from './limit-module.ts';
import type { Measurement } from './publish.ts';
import { assemble, type ModuleParts, op } from './testing/assemble.ts';
import { makeFolder } from './testing/folder.ts';

let root: string;

beforeEach(async () => {
  root = await makeFolder();
});

function create(options: WasmOptions = {}): Wasm {
  const wasm = createWasm(options);
  onTestFinished(() => wasm.close());
  return wasm;
}

async function put(parts: ModuleParts | Uint8Array, name = 'm.wasm'): Promise<void> {
  await writeFile(join(root, name), parts instanceof Uint8Array ? parts : assemble(parts));
}

interface Outcome {
  readonly output: unknown;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly logs: readonly string[];
}

/** Runs a step in a real engine. */
async function run(
  { plugin }: { plugin: Plugin },
  config: Readonly<Record<string, unknown>> = {},
  handler = 'wasm.run',
  timeout: string | number = '1m',
): Promise<Outcome> {
  const engine = new WorkflowEngine({ plugins: [plugin], workspace: root });
  const logs: string[] = [];
  engine.attach({ onLog: ({ message }) => logs.push(message) });
  const merged = handler === 'wasm.run' ? { module: 'm.wasm', ...config } : config;
  const { steps } = await engine.executeWorkflow({
    name: 'test',
    steps: [{ id: 'a', handler, timeout, config: merged }],
  });
  await engine.close();
  return { output: steps.a?.output, error: steps.a?.error as Outcome['error'], logs };
}

/** `run` gives its input back. */
const echo: ModuleParts = { run: op.pack };

describe('wasm.run', () => {
  it('takes values, text, files, and gives values, text, base64, files', async () => {
    await put(echo);
    await writeFile(join(root, 'in.bin'), Buffer.from([0, 255, 1]));
    const wasm = create();
    expect(await run(wasm, { input: { a: ['ü', 1] } })).toMatchObject({
      output: { value: { a: ['ü', 1] }, size: 14 },
    });
    expect(await run(wasm, { input: 'text ü', as: 'text' })).toMatchObject({ output: { value: 'text ü' } });
    expect(await run(wasm, { input_path: 'in.bin', as: 'base64' })).toMatchObject({
      output: { value: 'AP8B' },
    });
    expect(await run(wasm, { input_path: 'in.bin', output_path: 'out.bin' })).toMatchObject({
      output: { path: 'out.bin', size: 3 },
    });
    expect([...(await readFile(join(root, 'out.bin')))]).toEqual([0, 255, 1]);
    expect(await run(wasm, { as: 'text' })).toMatchObject({ output: { value: '', size: 0 } });
  });

  it('compiles once, keeps an instance, and counts', async () => {
    await put(echo);
    const wasm = create({ maxThreads: 1 });
    for (let i = 0; i < 3; i++) await run(wasm, { input: 1 });
    expect(wasm.counters).toMatchObject({ wasm_instantiates_total: 1, wasm_cache_hits_total: 2 });
    await run(wasm, { input: 1, fresh: true });
    expect(wasm.counters.wasm_instantiates_total).toBe(2);
    await put({ run: op.i64(0n) });
    expect(await run(wasm, { as: 'text' })).toMatchObject({ output: { value: '' } });
    await wasm.measure('m.wasm', 'js', () => 1);
    expect(wasm.counters.operations.get('m.wasm/wasm')).toMatchObject({ count: 5 });
    expect(wasm.metrics()).toMatch(/^wasm_instantiates_total 3\n/m);
    expect(wasm.metrics()).toMatch(/^op_latency_ms_count\{op="m\.wasm",impl="js"\} 1$/m);
    expect(wasm.metrics()).toMatch(/^op_cpu_us_sum\{op="m\.wasm",impl="wasm"\} \d+$/m);
  });

  it('tells each measurement at a channel, to whoever collects metrics', async () => {
    await put(echo);
    const told: Measurement[] = [];
    const listen = (message: unknown): void => void told.push(message as Measurement);
    subscribe('vwmp:metrics', listen);
    try {
      const wasm = create({ maxThreads: 1 });
      for (let i = 0; i < 2; i++) await run(wasm, { input: 1 });
      await wasm.measure('m.wasm', 'js', () => 1);
    } finally {
      unsubscribe('vwmp:metrics', listen);
    }
    const calls = (impl: string) =>
      ['op_cpu_us', 'op_latency_ms'].map((name) => ({
        name,
        labels: { surface: 'wasm', impl, module: 'm.wasm' },
      }));
    expect(told).toMatchObject([
      { name: 'wasm_instantiates_total', labels: {}, value: 1 },
      ...calls('wasm'),
      { name: 'wasm_cache_hits_total', labels: {}, value: 1 },
      ...calls('wasm'),
      ...calls('js'),
    ]);
    expect(told.every(({ value }) => value >= 0)).toBe(true);
  });

  it('sees nothing of earlier calls when it is fresh', async () => {
    // Counts its calls at the place 16.
    const counter = [...op.i32(16), ...op.i32(16), ...op.load, ...op.i32(1), ...op.add, ...op.store];
    await put({ run: [...counter, ...op.i32(16), ...op.extend, 0x42, 0x20, 0x86, ...op.i64(4n), 0x84] });
    const wasm = create({ maxThreads: 1 });
    const first = async (config: Record<string, unknown>) =>
      (await run(wasm, { as: 'base64', ...config })).output;
    expect([await first({}), await first({}), await first({ fresh: true })]).toEqual([
      { value: 'AQAAAA==', size: 4 },
      { value: 'AgAAAA==', size: 4 },
      { value: 'AQAAAA==', size: 4 },
    ]);
  });

  it('is pure data: many calls at a time, in few threads', async () => {
    await put(echo);
    const wasm = create({ maxThreads: 2 });
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => run(wasm, { input: i })));
    expect(all.map(({ output }) => (output as { value: number }).value)).toEqual(all.map((_, i) => i));
    expect(wasm.counters.wasm_instantiates_total).toBeLessThanOrEqual(2);
  });
});

describe('a module that is not as it should be', () => {
  it.each<[string, ModuleParts | Uint8Array, string, RegExp, Record<string, unknown>?]>([
    ['no module', Buffer.from('MZ nothing'), 'WASM_INVALID', /no WebAssembly/],
    ['empty', new Uint8Array(), 'WASM_INVALID', /./],
    ['cut off', assemble(echo).slice(0, -3), 'WASM_INVALID', /./],
    ['wrong types', { run: [...op.i32(1)] }, 'WASM_INVALID', /not valid/],
    ['no function', {}, 'WASM_EXPORT', /no function "run".*alloc/],
    ['another function', echo, 'WASM_EXPORT', /no function "constructor"/, { function: 'constructor' }],
    ['an import', { ...echo, imports: [{ module: 'env', name: 'system' }] }, 'WASM_IMPORT', /env\.system/],
    [
      'an import from a prototype',
      { ...echo, imports: [{ module: '__proto__', name: 'x' }] },
      'WASM_IMPORT',
      /__proto__/,
    ],
    ['a trap', { run: op.unreachable }, 'WASM_TRAP', /unreachable/],
    ['endless recursion', { run: [...op.input, ...op.length, ...op.call(1)] }, 'WASM_TRAP', /stack/],
    ['an output outside', { run: op.i64(0xffff_0000_0000_ffffn - (1n << 64n)) }, 'WASM_TRAP', /outside/],
    ['a giant output', { run: op.i64(0xffff_ffffn) }, 'WASM_OUTPUT_TOO_LARGE', /more than/],
    ['an output that is no JSON', { run: op.i64(4n) }, 'WASM_OUTPUT_INVALID', /no JSON/],
    [
      'too much memory',
      { ...echo, memory: { initial: 100 } },
      'WASM_MEMORY',
      /begins with/,
      { memory_mb: 1 },
    ],
    ['too large a table', { ...echo, table: { initial: 5_000_000 } }, 'WASM_MEMORY', /table/],
    ['no room', echo, 'WASM_MEMORY', /no room/, { input: 'x'.repeat(100_000) }],
  ])('%s', async (_name, parts, code, message, config) => {
    await put(parts);
    const wasm = create();
    const { error } = await run(wasm, { input: '', ...config });
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      retryable: false,
    });
    await put(echo, 'good.wasm');
    expect(await run(wasm, { module: 'good.wasm', input: 1 })).toMatchObject({ output: { value: 1 } });
  });

  it('lies in the workspace', async () => {
    await symlink('/etc', join(root, 'link'));
    const wasm = create();
    await put(echo);
    for (const config of [
      { module: '../m.wasm' },
      { module: 'link/passwd' },
      { input_path: '/etc/passwd' },
      { output_path: '../x' },
    ])
      expect((await run(wasm, config)).error).toMatchObject({ code: 'PATH_OUTSIDE' });
    expect((await run(wasm, { module: 'none.wasm' })).error).toMatchObject({ code: 'WASM_NOT_FOUND' });
    expect((await run(wasm, { module: '.' })).error).toMatchObject({ code: 'WASM_NOT_FOUND' });
    expect((await run(wasm, { input_path: 'none' })).error).toMatchObject({ code: 'WASM_INPUT' });
    expect((await run(wasm, { input: 1, input_path: 'm.wasm' })).error).toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('limits', () => {
  it('ends a runaway module, and the process goes on', async () => {
    await put({ run: [...op.loopForever, ...op.i64(0n)] });
    const wasm = create({ maxThreads: 1 });
    let turns = 0;
    const count = setInterval(() => turns++, 5);
    expect((await run(wasm, { timeout: 200 })).error).toMatchObject({ code: 'WASM_TIMEOUT' });
    clearInterval(count);
    expect(turns).toBeGreaterThan(5);
    expect((await run(wasm, {}, 'wasm.run', 200)).error).toMatchObject({ code: 'STEP_TIMEOUT' });
    await put(echo, 'good.wasm');
    expect(await run(wasm, { module: 'good.wasm', input: 1 })).toMatchObject({ output: { value: 1 } });
  });

  it('lets no memory and no table grow beyond', async () => {
    const grown = (code: readonly number[]) => [
      ...op.i32(16),
      ...code,
      ...op.store,
      ...op.i64((16n << 32n) | 4n),
    ];
    const wasm = create();
    // 16 pages are 1 MB: from 1 page, 15 more are granted, 16 are not.
    for (const [pages, answer] of [
      [15, 1],
      [16, -1],
      [60_000, -1],
    ] as const) {
      await put({ run: grown([...op.i32(pages), ...op.grow]) });
      const { output } = await run(wasm, { as: 'base64', memory_mb: 1 });
      expect(Buffer.from((output as { value: string }).value, 'base64').readInt32LE()).toBe(answer);
    }
    await put({
      table: { initial: 1 },
      run: grown([...op.nullFunction, ...op.i32(9_000_000), ...op.tableGrow]),
    });
    const { output } = await run(wasm, { as: 'base64' });
    expect(Buffer.from((output as { value: string }).value, 'base64').readInt32LE()).toBe(-1);
  });

  it('holds for a memory that is imported', async () => {
    await put({ imports: [{ module: 'env', name: 'memory', memory: { initial: 1 } }], run: op.pack });
    expect(await run(create(), { input: [1] })).toMatchObject({ output: { value: [1] } });
    await put({ imports: [{ module: 'env', name: 'memory', memory: { initial: 100 } }], run: op.pack });
    expect((await run(create(), { memory_mb: 1 })).error).toMatchObject({ code: 'WASM_MEMORY' });
  });

  it('reads any bytes without harm', () => {
    const good = assemble({ ...echo, table: { initial: 1 }, imports: [{ module: 'env', name: 'x' }] });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1 }), (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          limitModule(bytes, 16);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^WASM_/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('WASI', () => {
  const wasi = (name: string) => ({ module: 'wasi_snapshot_preview1', name });

  it('ends with a status, and keeps no instance', async () => {
    await put({ imports: [wasi('proc_exit')], start: [...op.i32(0), ...op.call(0)] });
    const wasm = create({ maxThreads: 1 });
    for (let i = 0; i < 2; i++)
      expect(await run(wasm, { as: 'text' })).toMatchObject({ output: { value: '', size: 0 } });
    expect(wasm.counters.wasm_instantiates_total).toBe(2);
    await put({ imports: [wasi('proc_exit')], start: [...op.i32(3), ...op.call(0)] });
    expect((await run(wasm)).error).toMatchObject({
      code: 'WASM_EXIT',
      message: 'The program ended with status 3.',
    });
  });

  it('has no function that is not WASI', async () => {
    await put({ imports: [wasi('constructor')], start: [...op.i32(0), ...op.call(0)] });
    expect((await run(create())).error).toMatchObject({ code: 'WASM_IMPORT' });
  });
});

describe('a handler made of a module', () => {
  it('encodes, calls and decodes, and is loaded by its first use', async () => {
    await put(echo);
    const wasm = create();
    const upper = wasm.handler({
      title: 'Echo',
      description: 'Gives it back.',
      config: Type.Object({ numbers: Type.Array(Type.Number()) }),
      module: pathToFileURL(join(root, 'm.wasm')),
      encode: ({ config }) => new Uint8Array(Float64Array.from(config.numbers).buffer),
      decode: (output) => [...new Float64Array(output.buffer)],
    });
    const plugin = { name: 'mine', handlers: { upper } };
    expect(wasm.counters.wasm_instantiates_total).toBe(0);
    expect(await run({ plugin }, { numbers: [1, 0.5] }, 'mine.upper')).toMatchObject({ output: [1, 0.5] });
    expect(wasm.counters.operations.get('m.wasm/wasm')?.count).toBe(1);
  });
});

it('describes itself', async () => {
  expect(defaultPlugin.name).toBe('wasm');
  const { run: handler } = defaultPlugin.handlers!;
  expect(handler).toMatchObject({ title: expect.any(String) as string, category: 'wasm' });
  const { properties } = handler!.config as unknown as {
    properties: Record<string, { description?: string }>;
  };
  for (const [name, { description }] of Object.entries(properties)) expect(description, name).toBeTruthy();
  expect(await handler!.load!()).toMatchObject({ execute: expect.any(Function) as () => void });
});
