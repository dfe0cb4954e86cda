import type { ImportedMemory } from './limit-module.ts';
import type { CompiledModule } from './web-assembly.ts';

/** A module that is ready to be instantiated, with its memory limited. */
export interface LoadedModule {
  /** Unique in the process. */
  readonly key: number;
  readonly module: CompiledModule;
  readonly memory: ImportedMemory | undefined;
}

/** One call of a module. */
export interface Call {
  readonly function: string;
  readonly input: Uint8Array;
  readonly maxOutputBytes: number;
  /** Makes an instance for this call alone. */
  readonly fresh: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the clock says, in milliseconds since 1970, all the time. */
  readonly now: number;
  readonly seed: number;
}

/** What a worker is told. */
export type Order =
  | {
      readonly kind: 'call';
      readonly key: number;
      readonly loaded: LoadedModule | undefined;
      readonly call: Call;
    }
  | { readonly kind: 'forget'; readonly key: number };

/** What it answers to a call. */
export type Answer = (
  | { readonly kind: 'done'; readonly output: Uint8Array; readonly stderr: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly stderr: string }
) & { readonly instantiated: boolean; readonly cpuUs: number };
