import { open, stat } from 'node:fs/promises';
import { refuse } from './errors.ts';
import { limitModule } from './limit-module.ts';
import type { LoadedModule } from './messages.ts';
import { pageBytes, webAssembly } from './web-assembly.ts';

/** Longest module. */
const maxBytes = 32 * 1024 * 1024;
const maxModules = 16;
let lastKey = 0;

/** Compiled modules, by the state of their file and the memory they may have. */
export interface ModuleCache {
  /** @returns the module, and whether it was there already @throws WASM_NOT_FOUND, WASM_INVALID, WASM_MEMORY, WASM_UNSUPPORTED, WASM_IMPORT */
  get(file: string, maxMemoryBytes: number): Promise<{ loaded: LoadedModule; hit: boolean }>;
}

/** @param onForget - told of a module that went, since others were used more lately */
export function createModuleCache(onForget: (key: number) => void): ModuleCache {
  const modules = new Map<string, Promise<LoadedModule>>();
  return {
    async get(file, maxMemoryBytes) {
      const id = `${await stateOf(file)}:${maxMemoryBytes}:${file}`;
      const known = modules.get(id);
      const loaded = known ?? load(file, maxMemoryBytes);
      // Again at the end: what was used last goes last.
      modules.delete(id);
      modules.set(id, loaded);
      if (known === undefined) {
        loaded.catch(() => modules.delete(id));
        const [oldest] = modules;
        if (modules.size > maxModules && oldest !== undefined) {
          modules.delete(oldest[0]);
          oldest[1].then(
            ({ key }) => onForget(key),
            () => {},
          );
        }
      }
      return { loaded: await loaded, hit: known !== undefined };
    },
  };
}

/** A file that is replaced has another state. */
async function stateOf(file: string): Promise<string> {
  const stats = await stat(file, { bigint: true }).catch(() => undefined);
  if (stats?.isFile() !== true) throw refuse('WASM_NOT_FOUND', 'There is no such module.');
  return `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

async function load(file: string, maxMemoryBytes: number): Promise<LoadedModule> {
  const { bytes, memory } = limitModule(await readModule(file), Math.floor(maxMemoryBytes / pageBytes));
  const module = await webAssembly.compile(bytes).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.slice(0, 300) : '';
    throw refuse('WASM_INVALID', `The module is not valid: ${reason}`);
  });
  return { key: ++lastKey, module, memory };
}

async function readModule(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw refuse('WASM_INVALID', `The module has more than ${maxBytes} bytes.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
