type Calls = typeof import('node:fs');

/** Calls of `node:fs` that give promises. */
type Promised = {
  [Name in
    | 'access'
    | 'link'
    | 'mkdir'
    | 'readFile'
    | 'readdir'
    | 'rename'
    | 'rm'
    | 'stat'
    | 'unlink'
    | 'writeFile']: Calls[Name]['__promisify__'];
};

interface Files extends Promised, Pick<typeof import('node:fs/promises'), 'open' | 'realpath'> {
  /** Opens a path to have the system write it out. */
  sync(path: string): Promise<void>;
}

/**
 * The parts of Node that the file adapters use. Looked up when they are used and never imported, so that
 * whoever bundles the package for a browser, or never stores a file, pays nothing.
 */
export interface NodeModules {
  readonly fs: Files;
  readonly constants: typeof import('node:fs').constants;
  readonly path: typeof import('node:path');
  readonly crypto: typeof import('node:crypto');
  readonly os: typeof import('node:os');
  readonly zlib: typeof import('node:zlib');
}

/**
 * What `node:fs/promises` has, made of callbacks: it loads readline besides, 0.75 MiB and 3 ms that a server which waits need not have.
 * It comes with the first file that is kept open.
 */
function makeFiles(): Files {
  const { promisify } = process.getBuiltinModule('node:util');
  const fs = process.getBuiltinModule('node:fs');
  const [open, fsync, close] = [promisify(fs.open), promisify(fs.fsync), promisify(fs.close)];
  return {
    access: promisify(fs.access),
    link: promisify(fs.link),
    mkdir: promisify(fs.mkdir),
    readFile: promisify(fs.readFile),
    readdir: promisify(fs.readdir),
    rename: promisify(fs.rename),
    rm: promisify(fs.rm),
    stat: promisify(fs.stat),
    unlink: promisify(fs.unlink),
    writeFile: promisify(fs.writeFile),
    // The one without "native" asks for each part of a path by itself.
    realpath: promisify(fs.realpath.native) as Files['realpath'],
    open: (...args) => process.getBuiltinModule('node:fs/promises').open(...args),
    async sync(path) {
      const descriptor = await open(path, 'r');
      try {
        await fsync(descriptor);
      } finally {
        await close(descriptor);
      }
    },
  };
}

let files: Files | undefined;

/** All getters: `zlib`, say, is loaded by the first checksum. */
export const node: NodeModules = {
  get fs() {
    files ??= makeFiles();
    return files;
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
