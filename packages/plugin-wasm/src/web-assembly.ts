/**
 * As much of WebAssembly as is used. The types of Node have nothing of it, and those of browsers would bring all the rest along.
 */
export interface CompiledModule {
  readonly [Symbol.toStringTag]: string;
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type Imports = Record<string, Record<string, unknown>>;

interface ImportInfo {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
}

interface WebAssemblyNamespace {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  readonly Module: {
    imports(module: CompiledModule): ImportInfo[];
    exports(module: CompiledModule): { name: string; kind: string }[];
  };
  readonly Instance: new (module: CompiledModule, imports: Imports) => Instance;
  readonly Memory: new (limits: { initial: number; maximum: number }) => Memory;
}

export const webAssembly: WebAssemblyNamespace = (
  globalThis as unknown as { WebAssembly: WebAssemblyNamespace }
).WebAssembly;

/** Bytes of a page of memory. */
export const pageBytes: number = 65_536;
