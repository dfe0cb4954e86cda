/** The parts of Node that are used here. Looked up, as importing `node:fs` takes 2.6 MB: it loads all that `node:fs` can load later. */
export const node: NodeModules = {
  get fs() {
    return process.getBuiltinModule('node:fs');
  },
  get path() {
    return process.getBuiltinModule('node:path');
  },
  get os() {
    return process.getBuiltinModule('node:os');
  },
  get threads() {
    return process.getBuiltinModule('node:worker_threads');
  },
};

export interface NodeModules {
  readonly fs: typeof import('node:fs');
  readonly path: typeof import('node:path');
  readonly os: typeof import('node:os');
  readonly threads: typeof import('node:worker_threads');
}
