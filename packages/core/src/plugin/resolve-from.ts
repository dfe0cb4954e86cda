import { isObject } from '../errors.ts';

/**
 * The file that a name of a package or a path stands for, seen from a folder.
 *
 * @param from - absolute path of the folder
 * @returns undefined when there is none
 */
export function resolveFrom(spec: string, from: string): string | undefined {
  const path = process.getBuiltinModule('node:path');
  const { createRequire } = process.getBuiltinModule('node:module');
  const require = createRequire(path.join(from, 'vwmp.config.js'));
  try {
    return require.resolve(spec);
  } catch {
    // `require` sees no export that is there for `import` only, and an ES module can't import from another's place.
    return resolveForImport(spec, require.resolve.paths(spec) ?? []);
  }
}

function resolveForImport(spec: string, folders: readonly string[]): string | undefined {
  const fs = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  const { name, subpath } = packageOf(spec);
  for (const folder of folders) {
    const root = path.join(folder, name);
    const manifest = path.join(root, 'package.json');
    if (!fs.existsSync(manifest)) continue;
    const { exports } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { exports?: unknown };
    const target = importTarget(subpathTarget(exports, subpath));
    return target === undefined ? undefined : path.join(root, target);
  }
  return undefined;
}

/** `@scope/name/sub` is the package `@scope/name` and its export `./sub`. */
export function packageOf(spec: string): { name: string; subpath: string } {
  const name = spec.split('/', spec.startsWith('@') ? 2 : 1).join('/');
  return { name, subpath: `.${spec.slice(name.length)}` };
}

function subpathTarget(exports: unknown, subpath: string): unknown {
  if (!isObject(exports)) return exports;
  const entries = exports as Readonly<Record<string, unknown>>;
  if (subpath in entries) return entries[subpath];
  return subpath === '.' && !Object.keys(entries).some((key) => key.startsWith('.')) ? entries : undefined;
}

/** The first condition that holds for an import in Node. */
function importTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isObject(target)) return undefined;
  for (const [condition, each] of Object.entries(target)) {
    if (condition !== 'node' && condition !== 'import' && condition !== 'default') continue;
    const found = importTarget(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
