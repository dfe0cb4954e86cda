import type { CompiledModule } from './web-assembly.ts';

/** What the worker is asked. */
export interface Job {
  readonly code: string;
  /** JSON. */
  readonly input: string;
  /** What the clock says, in milliseconds since 1970, all the time. */
  readonly now: number;
  /** Of `Math.random`. */
  readonly seed: number;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly maxOutputBytes: number;
}

/** What it answers: one of these for each job, after any number of lines. */
export type Answer =
  | { readonly kind: 'line'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }
  /** JSON; undefined when nothing was returned. */
  | { readonly kind: 'done'; readonly output: string | undefined }
  | {
      readonly kind: 'failed';
      readonly why:
        | 'threw'
        | 'syntax'
        | 'timeout'
        | 'memory'
        | 'output_size'
        | 'output_form'
        | 'pending'
        | 'sandbox';
      readonly message: string;
      readonly line?: number;
    };

/** What a worker is made with. */
export interface WorkerSetup {
  /** QuickJS, compiled once for all workers. */
  readonly module: CompiledModule;
}
