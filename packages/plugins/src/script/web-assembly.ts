/** A compiled module. The types of Node know nothing of WebAssembly, and those of browsers would bring all the rest along. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]: string;
}

interface WebAssemblyNamespace {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
}

/** The global of the same name, as much of it as is used. */
export const webAssembly: WebAssemblyNamespace = (
  globalThis as unknown as { WebAssembly: WebAssemblyNamespace }
).WebAssembly;
