import type { HandlerContext } from '@vwmp/core';
import { count, countCacheHit, countInstance, type WasmCounters } from './counters.ts';
import { refuse } from './errors.ts';
import type { Call } from './messages.ts';
import { createModuleCache } from './module-cache.ts';
import { createPool } from './pool.ts';

/** What of a context matters to a call. */
export type CallContext = Pick<HandlerContext, 'signal' | 'execution' | 'step' | 'logger'>;

export interface CallOptions {
  /** Absolute path of the module. */
  readonly file: string;
  /** Name for the counters. */
  readonly operation: string;
  readonly function: string;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly fresh: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Compiled modules and threads, made on first use. */
export interface Runtime {
  /** @throws WASM_*, the reason of the signal */
  call(input: Uint8Array, options: CallOptions, context: CallContext): Promise<Uint8Array>;
  close(): void;
}

export function createRuntime(counters: WasmCounters, maxThreads: number | undefined): Runtime {
  const pool = createPool(maxThreads);
  const cache = createModuleCache((key) => pool.forget(key));
  return {
    async call(input, options, context) {
      const begun = performance.now();
      const { loaded, hit } = await cache.get(options.file, options.memoryBytes);
      if (hit) countCacheHit(counters);
      const answer = await pool.run(
        loaded,
        toCall(input, options, context),
        options.timeoutMs,
        context.signal,
      );
      if (answer.instantiated) countInstance(counters);
      count(counters, options.operation, 'wasm', answer.cpuUs, performance.now() - begun);
      if (answer.stderr !== '') context.logger.warn(answer.stderr);
      if (answer.kind === 'done') return answer.output;
      throw refuse(answer.code, answer.message);
    },
    close: () => pool.close(),
  };
}

function toCall(input: Uint8Array, options: CallOptions, { execution, step }: CallContext): Call {
  const { function: name, maxOutputBytes, fresh, args, env } = options;
  const now = Date.parse(execution.started_at);
  const seed = hash(`${execution.id}:${step.id}:${step.index ?? ''}`);
  return { function: name, input, maxOutputBytes, fresh, args, env, now, seed };
}

/** FNV-1a, of 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
