import { VwmpError } from '../errors.ts';
import type { Plugin } from './plugin.ts';

/**
 * Gets plugins, each given as an object, as the name of a package that is installed in `from` or above it, or as
 * a path (`./x.ts`). A module gives its default export or its export `plugin`.
 *
 * @param from - absolute path of the folder that names and paths are seen from
 * @returns the plugins in the order given
 * @throws PLUGIN_NOT_FOUND, PLUGIN_INVALID, which name the plugin, the folder and what to do
 */
export async function loadPlugins(specs: readonly (Plugin | string)[], from: string): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const spec of specs) plugins.push(typeof spec === 'string' ? await importPlugin(spec, from) : spec);
  return plugins;
}

async function importPlugin(spec: string, from: string): Promise<Plugin> {
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const file = resolve(spec, from);
  let module: { default?: unknown; plugin?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VwmpError('PLUGIN_INVALID', `The plugin "${spec}" (${file}) could not be loaded: ${reason}`, {
      cause,
      retryable: false,
    });
  }
  const plugin = [module.default, module.plugin].find(isPlugin);
  if (plugin) return plugin;
  throw new VwmpError(
    'PLUGIN_INVALID',
    `"${spec}" (${file}) is no plugin: export one that definePlugin made as its default export or as "plugin".`,
    { retryable: false },
  );
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && typeof (value as Plugin).name === 'string';
}

/** The file that a name or path stands for, seen from a folder. */
function resolve(spec: string, from: string): string {
  const path = process.getBuiltinModule('node:path');
  const { createRequire } = process.getBuiltinModule('node:module');
  const require = createRequire(path.join(from, 'vwmp.config.js'));
  try {
    return require.resolve(spec);
  } catch (cause) {
    // `require` sees no export that is there for `import` only, and an ES module can't import from another's place.
    const file = resolveForImport(spec, require.resolve.paths(spec) ?? []);
    if (file) return file;
    const isPath = /^\.{0,2}\//.test(spec);
    const advice = isPath ? 'Correct the path.' : `Install it: npm install ${packageOf(spec).name}`;
    throw new VwmpError(
      'PLUGIN_NOT_FOUND',
      `There is no plugin ${isPath ? 'at' : 'package'} "${spec}", seen from ${from}. ${advice}`,
      { cause, retryable: false },
    );
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
function packageOf(spec: string): { name: string; subpath: string } {
  const name = spec.split('/', spec.startsWith('@') ? 2 : 1).join('/');
  return { name, subpath: `.${spec.slice(name.length)}` };
}

function subpathTarget(exports: unknown, subpath: string): unknown {
  if (typeof exports !== 'object' || exports === null) return exports;
  const entries = exports as Readonly<Record<string, unknown>>;
  if (subpath in entries) return entries[subpath];
  return subpath === '.' && !Object.keys(entries).some((key) => key.startsWith('.')) ? entries : undefined;
}

/** The first condition that holds for an import in Node. */
function importTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, each] of Object.entries(target)) {
    if (condition !== 'node' && condition !== 'import' && condition !== 'default') continue;
    const found = importTarget(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
