import type { Plugin } from '@vwmp/core';
import { path } from '../node.ts';
import { findConfig } from './config-file.ts';
import type { LoadedConfig } from './load-config.ts';

/** What the config of a folder says, all plugins loaded. */
export interface ProjectPlugins {
  /** Of the project: that of its config, or the one that was asked for. */
  readonly folder: string;
  readonly configFile: string | undefined;
  readonly plugins: readonly Plugin[];
  /** Absolute. */
  readonly workspace: string;
  /** Names of variables that expressions may read. */
  readonly env: readonly string[];
}

/**
 * @param configFile - its config, where it is not the one that holds for the folder
 * @throws CONFIG_FILE_INVALID, PLUGIN_NOT_FOUND, PLUGIN_INVALID
 */
export async function loadProjectPlugins(
  folder: string,
  configFile: string | undefined = findConfig(folder),
): Promise<ProjectPlugins> {
  let config: LoadedConfig = { plugins: [] };
  if (configFile) config = await (await import('./load-config.ts')).loadConfig(configFile);
  const defaults = config.defaultPlugins === false ? [] : await loadDefaultPlugins();
  return {
    folder: configFile === undefined ? path.resolve(folder) : path.dirname(configFile),
    configFile,
    plugins: [...config.plugins, ...defaults],
    workspace: path.resolve(config.workspace ?? '.'),
    env: config.env ?? [],
  };
}

/** The folder from which the packages of a project are seen. */
export function projectFolder(folder: string): string {
  const configFile = findConfig(folder);
  return configFile === undefined ? path.resolve(folder) : path.dirname(configFile);
}

async function loadDefaultPlugins(): Promise<readonly Plugin[]> {
  const { plugins } = (await import('@vwmp/plugins')) as { plugins: readonly Plugin[] };
  return plugins;
}
