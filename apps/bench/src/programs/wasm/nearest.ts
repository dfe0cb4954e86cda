import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Match, nearest, pack, sample, unpack } from '../../../../../examples/wasm/nearest.ts';
import { expect, readTask, report } from '../program.ts';

/** How much there is to compare. */
export interface NearestOptions {
  /** Vectors of 256 numbers, a kilobyte each. */
  count: number;
  milliseconds: number;
}

/** Milliseconds a call: a step of a workflow, from start to end. */
export interface NearestReport {
  /** Of the first one: loads the code, compiles the module, starts a thread. */
  first: number;
  wasm: number;
  js: number;
  /** The module called on the same thread, without a step: what the work itself takes. */
  bare: number;
}

interface WasmPackage {
  createWasm: typeof import('@vwmp/plugin-wasm').createWasm;
}

const { core, options } = await readTask<NearestOptions>();
const installed = join(process.cwd(), 'node_modules/@vwmp/plugin-wasm/dist/index.js');
const { createWasm } = (await import(pathToFileURL(installed).href)) as WasmPackage;
const dimensions = 256;
const vectors = sample(options.count * dimensions, 2);
const module = new URL('../../../../../examples/wasm/nearest.wasm', import.meta.url);
const places = (matches: readonly Match[]): number[] => matches.map(({ place }) => place);

const wasm = createWasm();
const none = { description: 'None.', config: { type: 'object' } as never };
const plugin = {
  name: 'vectors',
  handlers: {
    wasm: wasm.handler({
      ...none,
      module,
      memoryMb: 512,
      encode: () => pack(vectors, dimensions),
      decode: (output) => places(unpack(output)),
    }),
    js: core.defineHandler({ ...none, execute: () => places(nearest(vectors, dimensions)) }),
  },
};
const engine = new core.WorkflowEngine({ plugins: [plugin] });
const [inWasm, inJs] = await Promise.all(
  ['wasm', 'js'].map((name) => engine.load({ name, steps: [{ id: 'a', handler: `vectors.${name}` }] })),
);

const callOf = (workflow: typeof inWasm) => async (): Promise<unknown> =>
  (await engine.executeWorkflow(workflow!)).steps.a?.output;
const callWasm = callOf(inWasm);
const callJs = callOf(inJs);

const begun = performance.now();
const found = await callWasm();
const first = performance.now() - begun;
expect(found, await callJs(), 'what was found');

const callBare = await openBare();
expect(callBare(), found, 'what was found without a thread');
// In turns: what else the machine does slows all of them down.
const [a, b, c] = await inTurns([callWasm, callJs, async () => callBare()], options.milliseconds);
await engine.close();
await wasm.close();
report({ first, wasm: a!, js: b!, bare: c! } satisfies NearestReport);

/** The least of the times of each, which is what it takes when nothing comes between: the median of short calls is that of the scheduler. */
async function inTurns(calls: readonly (() => Promise<unknown>)[], milliseconds: number): Promise<number[]> {
  const times = calls.map((): number[] => []);
  const end = performance.now() + milliseconds;
  for (let round = 0; round < 4 || performance.now() < end; round++) {
    for (const [i, call] of calls.entries()) {
      const start = performance.now();
      await call();
      times[i]!.push(performance.now() - start);
    }
  }
  return times.map((each) => each.toSorted((x, y) => x - y)[Math.floor(each.length / 4)]!);
}

async function openBare(): Promise<() => number[]> {
  const { readFileSync } = await import('node:fs');
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object, imports: object) => { exports: Record<string, never> };
    };
  };
  const abort = (): never => {
    throw new Error('The module gave up.');
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module)), { env: { abort } });
  const exports = instance.exports as unknown as {
    memory: { buffer: ArrayBuffer };
    alloc(size: number): number;
    reset(): void;
    run(place: number, length: number): bigint;
  };
  const input = pack(vectors, dimensions);
  return () => {
    const place = exports.alloc(input.length);
    new Uint8Array(exports.memory.buffer, place, input.length).set(input);
    const packed = BigInt.asUintN(64, exports.run(place, input.length));
    const at = Number(packed >> 32n);
    const matches = unpack(
      new Uint8Array(exports.memory.buffer.slice(at, at + Number(packed & 0xffff_ffffn))),
    );
    exports.reset();
    return places(matches);
  };
}
