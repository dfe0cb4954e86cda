import { Failure } from './failure.ts';
import type { Call, LoadedModule } from './messages.ts';
import { createWasi, Exit, type Wasi } from './wasi.ts';
import { type Imports, type Instance, type Memory, webAssembly } from './web-assembly.ts';

/** A module that can be called. One call at a time. */
export interface Callee {
  /** @throws Failure, whatever the module throws */
  call(call: Call): Uint8Array;
  stderr(): string;
  /** A WASI command begins with `_start` and has then ended: it cannot be called again. */
  readonly once: boolean;
}

type Function_ = (...args: unknown[]) => unknown;

/** Instantiates a module. @throws Failure when it wants what there is not */
export function instantiate(loaded: LoadedModule): Callee {
  let current: Call | undefined;
  let wasi: Wasi | undefined;
  let instance: Instance | undefined;
  const imported = loaded.memory && new webAssembly.Memory(loaded.memory);
  const memory = (): Memory => imported ?? (instance?.exports.memory as Memory);
  const wasiNow = (): Wasi => {
    if (current === undefined) throw new Failure('WASM_TRAP', 'The module asks for WASI outside of a call.');
    wasi ??= createWasi(current, memory);
    return wasi;
  };

  // Names are the module's own choice, `__proto__` among them.
  const imports: Imports = Object.create(null) as Imports;
  for (const { module, name, kind } of webAssembly.Module.imports(loaded.module)) {
    imports[module] ??= Object.create(null) as Record<string, unknown>;
    const group = imports[module];
    if (kind === 'memory') group[name] = imported;
    else if (kind === 'function' && module === 'wasi_snapshot_preview1')
      group[name] = (...args: never[]) => {
        const all = wasiNow().imports;
        const found = Object.hasOwn(all, name) ? all[name] : undefined;
        if (found === undefined)
          throw new Failure('WASM_IMPORT', `There is no WASI function ${JSON.stringify(name)}.`);
        return found(...args);
      };
    else if (kind === 'function' && module === 'env' && name === 'abort') group[name] = abort;
    else if (kind === 'function' && module === 'env' && name === 'seed')
      group[name] = () => current?.seed ?? 0;
    else
      throw new Failure(
        'WASM_IMPORT',
        `The module wants ${JSON.stringify(`${module}.${name}`)}, which is not there.`,
      );
  }

  /** What the runtime of AssemblyScript calls: the message and file lie in memory, their length in bytes before them. */
  function abort(message: number, file: number, line: number, column: number): never {
    const text = (at: number): string => {
      if (at === 0 || instance === undefined) return '';
      const size = new DataView(memory().buffer).getUint32(at - 4, true);
      return Buffer.from(memory().buffer, at, Math.min(size, 1_000)).toString('utf16le');
    };
    throw new Failure(
      'WASM_TRAP',
      `The module gave up: ${text(message) || 'no reason'} (${text(file)}:${line}:${column}).`,
    );
  }

  const begin = (call: Call): Readonly<Record<string, unknown>> => {
    current = call;
    wasi = undefined;
    if (instance === undefined) {
      instance = new webAssembly.Instance(loaded.module, imports);
      const { _initialize: initialize } = instance.exports;
      if (typeof initialize === 'function') (initialize as Function_)();
    }
    return instance.exports;
  };

  return {
    once: webAssembly.Module.exports(loaded.module).some(({ name }) => name === '_start'),
    stderr: () => wasi?.stderr() ?? '',
    call(call) {
      const exports = begin(call);
      if (typeof exports._start === 'function') return runCommand(exports._start as Function_, wasiNow);
      const run = functionOf(exports, call.function);
      const alloc = functionOf(exports, 'alloc');
      const { length } = call.input;
      const at = toNumber(alloc(length));
      if (at + length > memory().buffer.byteLength || (at === 0 && length > 0))
        throw new Failure('WASM_MEMORY', `The module has no room for an input of ${length} bytes.`);
      new Uint8Array(memory().buffer, at, length).set(call.input);
      const output = take(memory(), run(at, length), call.maxOutputBytes);
      if (typeof exports.reset === 'function') (exports.reset as Function_)();
      return output;
    },
  };
}

function runCommand(start: Function_, wasi: () => Wasi): Uint8Array {
  try {
    start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    if (error.status !== 0) throw new Failure('WASM_EXIT', `The program ended with status ${error.status}.`);
  }
  return wasi().output();
}

function functionOf(exports: Readonly<Record<string, unknown>>, name: string): Function_ {
  const found = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (typeof found === 'function') return found as Function_;
  const there = Object.keys(exports)
    .filter((each) => typeof exports[each] === 'function')
    .slice(0, 20);
  throw new Failure(
    'WASM_EXPORT',
    `The module exports no function ${JSON.stringify(name)}. It has ${there.join(', ') || 'none'}.`,
  );
}

/** Copies an output out of the memory: its place and length in one number of 64 bits, the place in the upper half. */
function take({ buffer }: Memory, result: unknown, maxBytes: number): Uint8Array {
  if (typeof result !== 'bigint')
    throw new Failure(
      'WASM_EXPORT',
      'The function has to return an i64: place << 32 | length of the output.',
    );
  const packed = BigInt.asUintN(64, result);
  const at = Number(packed >> 32n);
  const length = Number(packed & 0xffffffffn);
  if (length > maxBytes)
    throw new Failure('WASM_OUTPUT_TOO_LARGE', `The output has more than ${maxBytes} bytes.`);
  if (at + length > buffer.byteLength)
    throw new Failure('WASM_TRAP', 'The output that the function returned lies outside of the memory.');
  return new Uint8Array(buffer.slice(at, at + length));
}

/** A place in memory: what wasm gives as a signed number. */
function toNumber(value: unknown): number {
  return typeof value === 'number' ? value >>> 0 : -1 >>> 0;
}
