import { formatDuration, type Logger, toErrorInfo } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import manifest from '../../package.json' with { type: 'json' };
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { readNumber } from '../cli/read-number.ts';
import { UsageError } from '../cli/usage-error.ts';
import { fs, module, path } from '../node.ts';
import { compose } from '../platform/compose.ts';
import { listenForStop } from '../platform/listen-for-stop.ts';
import { createLogger } from '../platform/logger.ts';
import { type PlatformSettings, readPlatformSettings } from '../platform/settings.ts';
import { adaptToLoad, spendMemory } from '../platform/spare-memory.ts';
import { findTracing } from '../platform/tracing.ts';
import { loadProjectPlugins } from '../project/plugins.ts';

/** `vwmp serve`. */
export const command: Command = async (invocation) => {
  const { settings: given, warnings, variables } = await readPlatformSettings();
  const settings = await withAddress(given, invocation);
  const json = invocation.flag('json') || settings.logFormat === 'json';
  const logger = createLogger(invocation.terminal.out, { level: settings.logLevel, json, now: Date.now });
  for (const warning of warnings) logger.log('warn', warning);
  if (!settings.spareMemory) spendMemory();
  try {
    return await serve(settings, variables, logger, invocation);
  } catch (error) {
    const { code, message } = toErrorInfo(error);
    if (json) logger.log('error', message, { code });
    throw error;
  }
};

async function serve(
  settings: Settings,
  variables: PlatformSettings['variables'],
  logger: Logger,
  { text }: Invocation,
): Promise<number> {
  const folder = seedsOf(text('seed'));
  const stop = listenForStop(logger, 'server');
  const project = await loadProjectPlugins(process.cwd(), configOf(text('config')));
  const [{ createServer }, { createMetrics, createOperation }] = await Promise.all([
    import('@vwmp/api'),
    import('@vwmp/api/operation'),
  ]);
  const metrics = createMetrics();
  const busy = settings.spareMemory ? adaptToLoad() : undefined;
  const tracing = await findTracing();
  const platform = await compose({
    ...{ settings, variables, logger, project, tracing },
    folder: project.folder,
    observers: [
      ...(settings.metrics ? [metrics.observer] : []),
      ...(busy ? [{ onWorkflowStarted: busy }] : []),
    ],
  });
  const operation = createOperation({ platform, metrics, logger, ...(tracing && { tracing }) });
  const page = designerPage();
  const server = createServer(platform, settings, {
    ...{ logger, operation },
    ...(page !== undefined && { page }),
    ...(busy && { onRequest: busy }),
  });
  try {
    await platform.open();
    if (folder !== undefined) await seed(platform, folder, logger);
    const { url } = await server.listen();
    logger.log('info', 'VWMP is ready.', {
      url,
      docs: `${url}/docs`,
      version: manifest.version,
      mode: settings.deploymentMode,
    });
    await stop.stopped;
    logger.log('info', 'The server stops: it takes nothing new, and lets what runs end.', {
      reason: stop.reason(),
      grace_period: formatDuration(settings.worker.gracePeriod),
    });
  } finally {
    await server.close(settings.worker.gracePeriod);
    await platform.close();
  }
  logger.log('info', 'The server has stopped. What had not ended was handed back.');
  return exitCodes.success;
}

/** The folder of the designer, where it is installed. */
function designerPage(): string | undefined {
  try {
    const file = module.createRequire(import.meta.url).resolve('@vwmp/designer/page/index.html');
    return path.dirname(file);
  } catch {
    return undefined;
  }
}

/** What the command line says goes before the settings. @throws UsageError, SETTINGS_INVALID */
async function withAddress(settings: Settings, { text }: Invocation): Promise<Settings> {
  const port = readNumber(text('port'), '--port', 'serve', { least: 0, most: 65_535 });
  const host = text('host') ?? settings.api.host;
  if (host === '') throw new UsageError('The address to listen at is empty.', 'serve');
  const { isLoopback } = await import('@vwmp/api/security');
  // What the settings say for their own address is not to be taken for one that others reach.
  const auth = isLoopback(host) ? settings.api.auth : 'keys';
  return { ...settings, api: { ...settings.api, host, auth, ...(port !== undefined && { port }) } };
}

/** @throws UsageError when it is not there */
function configOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const config = path.resolve(file);
  if (fs.existsSync(config)) return config;
  throw new UsageError(`There is no config "${file}".`, 'serve');
}

/** @throws UsageError when it is not there, also when it is not needed any more */
function seedsOf(folder: string | undefined): string | undefined {
  if (folder === undefined || fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UsageError(`There is no folder "${folder}" to begin with.`, 'serve');
}

/** Stores the workflows of a folder where none is stored yet. */
async function seed(platform: Platform, folder: string, logger: Logger): Promise<void> {
  const { count } = await platform.workflows.list({ limit: 1 });
  if (count > 0) return;
  const { seedWorkflows } = await import('../platform/seed-workflows.ts');
  const stored = await seedWorkflows(platform, folder, (file, reason) => {
    logger.log('warn', 'A workflow was not stored.', { file, reason });
  });
  logger.log('info', 'The workflows of a folder were stored to begin with.', {
    folder,
    stored: stored.length,
  });
}
