import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 as native } from 'node:zlib';
import { expect, readTask, report } from '../program.ts';
import { crc32 } from './crc32-js.ts';

/** One implementation, in a process of its own: what one loads and compiles must not help the next. */
export interface ChecksumOptions {
  implementation: 'wasm' | 'js' | 'native';
  bytes: number;
  milliseconds: number;
}

/** Milliseconds a call: a step of a workflow, from start to end. */
export interface ChecksumReport {
  /** Of the first one. */
  first: number;
  /** Of later ones: a quarter of them is quicker. */
  later: number;
}

interface WasmPackage {
  createWasm: typeof import('@vwmp/plugin-wasm').createWasm;
}

const { core, options } = await readTask<ChecksumOptions>();
const installed = join(process.cwd(), 'node_modules/@vwmp/plugin-wasm/dist/index.js');
const { createWasm } = (await import(pathToFileURL(installed).href)) as WasmPackage;
const data = new Uint8Array(options.bytes);
for (let i = 0, state = 1; i < data.length; i++) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  data[i] = state >>> 24;
}

const wasm = createWasm();
const none = { description: 'None.', config: { type: 'object' } as never };
const plugin = {
  name: 'checksum',
  handlers: {
    wasm: wasm.handler({
      ...none,
      module: new URL('crc32.wasm', import.meta.url),
      // What goes to a thread is given away.
      encode: () => data.slice(),
      decode: (output) => new DataView(output.buffer, output.byteOffset).getUint32(0, true),
    }),
    js: core.defineHandler({ ...none, execute: () => crc32(data) }),
    native: core.defineHandler({ ...none, execute: () => native(data) }),
  },
};
const engine = new core.WorkflowEngine({ plugins: [plugin] });
const load = (handler: string) => engine.load({ name: 'a', steps: [{ id: 'a', handler }] });
// The engine itself must not be what is slow at the first call.
await engine.executeWorkflow({ name: 'a', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] });
const workflow = await load(`checksum.${options.implementation}`);
const call = async (): Promise<unknown> => (await engine.executeWorkflow(workflow)).steps.a?.output;

const begun = performance.now();
const found = await call();
const first = performance.now() - begun;
expect(found, native(data), 'the checksum');

const times: number[] = [];
const end = performance.now() + options.milliseconds;
while (times.length < 4 || performance.now() < end) {
  const start = performance.now();
  await call();
  times.push(performance.now() - start);
}
await engine.close();
await wasm.close();
const later = times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)]!;
report({ first, later } satisfies ChecksumReport);
