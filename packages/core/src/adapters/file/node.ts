/**
 * The parts of Node that the file adapters use. Looked up when they are used and never imported, so that
 * whoever bundles the package for a browser, or never stores a file, pays nothing.
 */
export interface NodeModules {
  readonly fs: typeof import('node:fs/promises');
  readonly constants: typeof import('node:fs').constants;
  readonly path: typeof import('node:path');
  readonly crypto: typeof import('node:crypto');
  readonly os: typeof import('node:os');
  readonly zlib: typeof import('node:zlib');
}

/** All getters: `zlib`, say, is loaded by the first checksum. */
export const node: NodeModules = {
  get fs() {
    return process.getBuiltinModule('node:fs/promises');
  },
  get constants() {
    return process.getBuiltinModule('node:fs').constants;
  },
  get path() {
    return process.getBuiltinModule('node:path');
  },
  get crypto() {
    return process.getBuiltinModule('node:crypto');
  },
  get os() {
    return process.getBuiltinModule('node:os');
  },
  get zlib() {
    return process.getBuiltinModule('node:zlib');
  },
};
