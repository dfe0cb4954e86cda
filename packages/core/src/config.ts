import type { Plugin } from './plugin/plugin.ts';

/** What `vwmp.config.ts` exports. Everything is optional. */
export interface Config {
  /** Plugins besides those that are always there: as objects, by the names of packages, or by relative paths. */
  plugins?: readonly (Plugin | string)[];
  /**
   * False leaves out `http`, `file` and `shell`, say to bring one of them with other settings.
   *
   * @defaultValue true
   */
  defaultPlugins?: boolean;
  /**
   * The folder that handlers may read and write; relative to the folder of the config.
   *
   * @defaultValue the working directory
   */
  workspace?: string;
  /** Names of the environment variables that expressions may read as `env.NAME`. */
  env?: readonly string[];
}

/**
 * Declares a config, so that the editor knows what may stand in it.
 *
 * @example
 * ```ts
 * export default defineConfig({ plugins: ['./plugins/greetings.ts'], env: ['HOME'] });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
