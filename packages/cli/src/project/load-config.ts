import { type Config, loadPlugins, type Plugin, VwmpError } from '@vwmp/core';
import { runningBundle } from '../bundle/running.ts';
import { didYouMean } from '../cli/nearest.ts';
import { path } from '../node.ts';
import { lendOwnPackages } from './own-packages.ts';

/** A config that was read: its plugins loaded, its paths absolute. */
export interface LoadedConfig extends Omit<Config, 'plugins'> {
  plugins: readonly Plugin[];
}

const checks: Readonly<Record<keyof Config, (value: unknown) => string | undefined>> = {
  plugins: (value) => (Array.isArray(value) ? undefined : 'a list of plugins, names of packages or paths'),
  defaultPlugins: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
  workspace: (value) => (typeof value === 'string' ? undefined : 'the path of a folder'),
  env: (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? undefined
      : 'a list of names of environment variables',
};

/** @throws CONFIG_FILE_INVALID, PLUGIN_NOT_FOUND, PLUGIN_INVALID, PLUGIN_CONFLICT */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const folder = path.dirname(file);
  checkTypeScript(file);
  lendOwnPackages();
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  let config: unknown;
  try {
    ({ default: config } = (await import(pathToFileURL(file).href)) as { default?: unknown });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    // Node tells the place of one only where it ends with it.
    const place = cause instanceof SyntaxError ? `. See where: node ${JSON.stringify(file)}` : '';
    throw invalid(file, `could not be loaded: ${why}${place}`);
  }
  checkConfig(file, config);
  const plugins = await loadPlugins(config.plugins ?? [], folder);
  checkHandlers(file, config.plugins ?? [], plugins);
  // What steps write must not lie in a bundle, which is replaced as a whole.
  const base = runningBundle() ? process.cwd() : folder;
  const workspace = config.workspace === undefined ? {} : { workspace: path.resolve(base, config.workspace) };
  return { ...config, plugins, ...workspace };
}

function checkConfig(file: string, config: unknown): asserts config is Config {
  if (typeof config !== 'object' || config === null) {
    throw invalid(file, 'exports no config: write "export default defineConfig({ … })"');
  }
  for (const [key, value] of Object.entries(config)) {
    if (!Object.hasOwn(checks, key)) {
      throw invalid(file, `has a key "${key}" that does not exist.${didYouMean(key, Object.keys(checks))}`);
    }
    const wanted = value === undefined ? undefined : checks[key as keyof Config](value);
    if (wanted) throw invalid(file, `is wrong: "${key}" has to be ${wanted}`);
  }
}

/** Says of a handler that two of the plugins bring where each stands, which those who get the plugins alone can't. */
function checkHandlers(file: string, specs: readonly (Plugin | string)[], plugins: readonly Plugin[]): void {
  const claimed = new Map<string, number>();
  plugins.forEach((plugin, index) => {
    for (const name of Object.keys(plugin?.handlers ?? {})) {
      const handler = `${plugin.name}.${name}`;
      const first = claimed.get(handler);
      if (first === undefined) claimed.set(handler, index);
      else if (plugins[first] !== plugin) {
        const [one, other] = [first, index].map((each) => {
          const spec = specs[each];
          return typeof spec === 'string' ? `"${spec}"` : `entry ${each + 1}`;
        });
        const message = `The config ${file} names two plugins that bring the handler "${handler}": ${one} and ${other} of its "plugins". Remove or rename one of them.`;
        throw new VwmpError('PLUGIN_CONFLICT', message, { retryable: false });
      }
    }
  });
}

/** From Node 22.18 on types are simply left out; before that only with an option. */
function checkTypeScript(file: string): void {
  if (!/\.m?ts$/.test(file) || process.features.typescript) return;
  throw invalid(
    file,
    `is TypeScript, which Node ${process.versions.node} does not read as it was started. Use Node 22.18 or newer, set NODE_OPTIONS=--experimental-strip-types, or rename the file to vwmp.config.mjs and leave out the types`,
  );
}

function invalid(file: string, problem: string): VwmpError {
  return new VwmpError('CONFIG_FILE_INVALID', `The config ${file} ${problem}`, { retryable: false });
}
