import {
  defineHandler,
  definePlugin,
  type Handler,
  type HandlerContext,
  type HandlerInfo,
  type Plugin,
} from '@vwmp/core';
import type { Infer, Schema } from '@vwmp/core/schema';
import { count, createCounters, type Implementation, renderCounters, type WasmCounters } from './counters.ts';
import { runOutput, runSchema } from './run-handler.ts';
import type { Runtime } from './runtime.ts';

export type { Implementation, OperationCounters, WasmCounters } from './counters.ts';

/** What whoever runs the server decides. */
export interface WasmOptions {
  /** Threads that modules run in. @defaultValue one less than the machine has cores; one at least, four at most */
  readonly maxThreads?: number;
}

/** A handler whose work a module does. */
export type WasmHandlerOptions<S extends Schema> = HandlerInfo & {
  readonly config: S;
  /** The module, a `file:` url: `new URL('./nearest.wasm', import.meta.url)`. */
  readonly module: URL;
  /** @defaultValue `run` */
  readonly function?: string;
  /** Name for the counters. @defaultValue the name of the file */
  readonly operation?: string;
  /** @defaultValue 64 */
  readonly memoryMb?: number;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 16 MiB */
  readonly maxOutputBytes?: number;
  /** The input of the module. The bytes are given away: all of their buffer goes to the thread of the module. */
  encode(context: HandlerContext<Infer<S>>): Uint8Array | Promise<Uint8Array>;
  /** The output of the handler, of the bytes that came out. */
  decode(output: Uint8Array, context: HandlerContext<Infer<S>>): unknown;
};

/** Modules, threads and counters that belong together. */
export interface Wasm {
  /** Brings `wasm.run`. */
  readonly plugin: Plugin;
  /** Figures, to be read at any time. */
  readonly counters: WasmCounters;
  /** The figures in the text format of Prometheus, for a page of metrics. */
  metrics(): string;
  /** Makes a handler whose work a module does, for a plugin of your own. */
  handler<S extends Schema>(options: WasmHandlerOptions<S>): Handler;
  /** Carries an operation out in another way and counts it, to compare. */
  measure<T>(operation: string, implementation: Implementation, work: () => T | Promise<T>): Promise<T>;
  /** Ends the threads; without it they end by themselves when nobody needs them. */
  close(): Promise<void>;
}

/**
 * Makes a place for modules to run in. Nothing is loaded or started before the first call.
 *
 * @example
 * ```ts
 * const wasm = createWasm({ maxThreads: 2 });
 * const engine = new WorkflowEngine({ plugins: [wasm.plugin] });
 * ```
 */
export function createWasm(options: WasmOptions = {}): Wasm {
  const counters = createCounters();
  let runtime: Promise<Runtime> | undefined;
  const open = (): Promise<Runtime> => {
    runtime ??= import('./runtime.ts').then(({ createRuntime }) =>
      createRuntime(counters, options.maxThreads),
    );
    return runtime;
  };
  const run = defineHandler({
    title: 'Run WebAssembly',
    description:
      'Calls a WebAssembly module of the workspace, in a thread of its own, with limits on memory and time.',
    category: 'wasm',
    icon: 'cpu',
    config: runSchema,
    output: runOutput,
    load: async () => {
      const [{ createRun }, opened] = await Promise.all([import('./run.ts'), open()]);
      return { execute: createRun(opened) };
    },
  });
  return {
    plugin: definePlugin({ name: 'wasm', description: 'Runs WebAssembly modules.', handlers: { run } }),
    counters,
    metrics: () => renderCounters(counters),
    handler: (handlerOptions) => wasmHandler(handlerOptions, open),
    async measure(operation, implementation, work) {
      const cpu = process.cpuUsage();
      const begun = performance.now();
      const result = await work();
      const { user, system } = process.cpuUsage(cpu);
      count(counters, operation, implementation, user + system, performance.now() - begun);
      return result;
    },
    async close() {
      (await runtime)?.close();
    },
  };
}

function wasmHandler<S extends Schema>(
  options: WasmHandlerOptions<S>,
  open: () => Promise<Runtime>,
): Handler {
  const {
    module,
    function: name = 'run',
    operation,
    memoryMb = 64,
    timeoutMs = 10_000,
    maxOutputBytes = 16_777_216,
    encode,
    decode,
    ...info
  } = options;
  return defineHandler({
    ...info,
    load: async () => {
      const [{ fileURLToPath }, runtime] = await Promise.all([import('node:url'), open()]);
      const file = fileURLToPath(module);
      const call = {
        file,
        operation: operation ?? file.replace(/^.*[\\/]/, ''),
        function: name,
        memoryBytes: memoryMb * 1024 * 1024,
        timeoutMs,
        maxOutputBytes,
        fresh: false,
        args: [],
        env: {},
      };
      return {
        execute: async (context: HandlerContext<Infer<S>>) =>
          decode(await runtime.call(await encode(context), call, context), context),
      };
    },
  });
}

/** The plugin `wasm` with its default settings. */
export const wasm: Plugin = createWasm().plugin;

export default wasm;
