import { hasCode, isObject, VwmpError } from '../errors.ts';
import { notLoaded } from './not-loaded.ts';
import type { Plugin } from './plugin.ts';
import { packageOf, resolveFrom } from './resolve-from.ts';

/**
 * Gets plugins, each given as an object, as the name of a package that is installed in `from` or above it, as a
 * path (`./x.ts`), or as a URL (`file:///x.ts`). A module gives its default export or its export `plugin`.
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
  const { fileURLToPath, pathToFileURL } = process.getBuiltinModule('node:url');
  let file = spec;
  let module: { default?: { default?: unknown }; plugin?: unknown };
  try {
    file = resolve(/^file:/i.test(spec) ? fileURLToPath(spec) : spec, from);
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    if (hasCode(cause, 'PLUGIN_NOT_FOUND')) throw cause;
    throw notLoaded('PLUGIN_INVALID', `The plugin "${spec}" (${file})`, cause);
  }
  // The last is what a compiler to CommonJS makes of a default export.
  const plugin = [module.default, module.plugin, module.default?.default].find(isPlugin);
  if (plugin) return plugin;
  throw new VwmpError(
    'PLUGIN_INVALID',
    `"${spec}" (${file}) is no plugin: export what definePlugin made as default or as "plugin".`,
    { retryable: false },
  );
}

function isPlugin(value: unknown): value is Plugin {
  return isObject(value) && typeof (value as Plugin).name === 'string';
}

/** The file that a name or path stands for, seen from a folder. */
function resolve(spec: string, from: string): string {
  const file = resolveFrom(spec, from);
  if (file !== undefined) return file;
  const isPath = /^\.{0,2}\//.test(spec);
  const advice = isPath ? 'Correct the path.' : `Install it: npm install ${packageOf(spec).name}`;
  throw new VwmpError(
    'PLUGIN_NOT_FOUND',
    `There is no plugin ${isPath ? 'at' : 'package'} "${spec}", seen from ${from}. ${advice}`,
    { retryable: false },
  );
}
