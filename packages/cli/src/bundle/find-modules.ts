import { fs, module, path } from '../node.ts';

/** What a config consists of. */
export interface FoundModules {
  /** Its own files, absolute: the config and what it imports, and the package.json that say how to read them. */
  files: string[];
  /** Names of packages with the folder of the first file that imports each. */
  packages: { name: string; folder: string }[];
  /** Where files would lie that they name by a relative path and that cannot be found. */
  missing: string[];
}

/** `from 'x'`, `import 'x'`, `import('x')`, `require('x')`, `new URL('x', …)`. */
const reference = /(?:\bfrom|\bimport|\b(?:import|require|URL)\s*\(|\bresolve\s*\()\s*(['"`])([^'"`\n$]+)\1/g;
const code = /\.[mc]?[jt]s$/;

/**
 * Finds what a config is made of by what its files name, without running them. What stands in a comment is found, too, and
 * does no harm; what a file computes is not, which `--include` and `--add` are for.
 *
 * @param specs - what the config names in its list of plugins
 */
export function findModules(config: string, specs: readonly string[]): FoundModules {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const missing = new Set<string>();
  const open: string[] = [];
  const see = (spec: string, from: string): void => {
    if (module.isBuiltin(spec) || /^[a-z]+:/i.test(spec)) return;
    const isFile = /^(\.{1,2}(\/|$)|\/|#)/.test(spec);
    const file = isFile ? resolveFile(spec, from) : undefined;
    if (file === undefined && spec.startsWith('.')) missing.add(path.resolve(path.dirname(from), spec));
    if (file !== undefined && !files.has(file)) {
      files.add(file);
      open.push(file);
    }
    const name = spec.split('/', spec.startsWith('@') ? 2 : 1).join('/');
    if (!isFile && /^(@[\w.-]+\/)?[\w.-]+$/.test(name) && !packages.has(name))
      packages.set(name, path.dirname(from));
  };
  files.add(config);
  open.push(config);
  for (const spec of specs) see(spec, config);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const manifest = nearestManifest(file, path.dirname(config));
    if (manifest !== undefined) files.add(manifest);
    if (!code.test(file)) continue;
    for (const [, , spec] of fs.readFileSync(file, 'utf8').matchAll(reference)) see(spec!, file);
  }
  return {
    files: [...files],
    packages: [...packages].map(([name, folder]) => ({ name, folder })),
    missing: [...missing],
  };
}

function resolveFile(spec: string, from: string): string | undefined {
  try {
    const file = spec.startsWith('.') ? path.resolve(path.dirname(from), spec) : spec;
    const found = fs.existsSync(file) && fs.statSync(file).isFile();
    const resolved = found ? file : module.createRequire(from).resolve(spec);
    // An alias such as "#x" may lead into a package, which is found by its name.
    return resolved.split(path.sep).includes('node_modules') ? undefined : resolved;
  } catch {
    return undefined;
  }
}

/** How `.js` is read where the config lies; undefined when nothing says it. */
export function moduleType(config: string): string | undefined {
  const manifest = nearestManifest(config);
  return manifest && (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { type?: string }).type;
}

/** It says whether `.js` is an ES module, and what names with "#" stand for. */
function nearestManifest(file: string, root?: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) return manifest;
    if (folder === root || folder === path.dirname(folder)) return undefined;
  }
}
