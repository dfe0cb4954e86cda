import type { Tracing } from '@vwmp/api/operation';
import type { ExecutionObserver, Logger, Storage } from '@vwmp/core';
import type { Platform, PlatformOptions } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import { allowedEnv, createSecrets, type Variables } from '../project/environment.ts';
import type { ProjectPlugins } from '../project/plugins.ts';
import { ownFolder } from './adapter-packages.ts';

/** What a platform is composed of. */
export interface Composition {
  settings: Settings;
  variables: Variables;
  logger: Logger;
  /** The folder from which packages are seen. */
  folder: string;
  /** Plugins, workspace and variables; without it nothing can be started. */
  project?: ProjectPlugins;
  /** What is wrong with the encryption key is no reason to end: it was told already, or no secret is read. */
  anyKey?: boolean;
  /** Only its storage is to be used: no queue server is connected to. */
  alone?: boolean;
  /** Instead of the one that the settings name. */
  storage?: Storage;
  observers?: readonly ExecutionObserver[];
  /** Makes spans of executions and steps. */
  tracing?: Tracing | undefined;
  /** Of a worker, unique among all. */
  workerId?: string;
}

/** Makes a platform that has yet to be opened. @throws PACKAGE_MISSING, PLUGIN_CONFLICT, ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG */
export async function compose(composition: Composition): Promise<Platform> {
  const { variables, logger, folder, project, tracing, observers = [] } = composition;
  const settings = composition.alone ? withoutServers(composition.settings) : composition.settings;
  const { checkEncryptionKey, createPlatform } = await import('@vwmp/core/platform');
  // Before anything is taken on, not with the first execution that needs it.
  if (project && !composition.anyKey) checkEncryptionKey(settings);
  const options: PlatformOptions = {
    logger,
    observers: tracing ? [...observers, tracing.observer] : observers,
    ...(tracing && { traceparent: tracing.traceparent }),
    secrets: createSecrets(variables),
    ...(project && {
      plugins: tracing ? tracing.plugins(project.plugins) : project.plugins,
      workspace: project.workspace,
      env: allowedEnv(project.env, variables),
    }),
    ...(composition.storage && { storage: composition.storage }),
    ...(composition.workerId !== undefined && { workerId: composition.workerId }),
    // Of the project first, else what came with this command or lies beside it.
    from: [folder, ownFolder],
    ...(composition.alone && { bus: (await import('@vwmp/core/memory')).createMemoryEventBus() }),
  };
  const platform = await createPlatform(settings, options);
  tracing?.attach(platform);
  return platform;
}

function withoutServers(settings: Settings): Settings {
  return { ...settings, queue: { ...settings.queue, backend: 'memory' } };
}
