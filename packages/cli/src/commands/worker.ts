import {
  type ExecutionEvent,
  type ExecutionObserver,
  formatDuration,
  type Logger,
  toErrorInfo,
} from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import manifest from '../../package.json' with { type: 'json' };
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { readNumber } from '../cli/read-number.ts';
import { UsageError } from '../cli/usage-error.ts';
import { compose } from '../platform/compose.ts';
import { listenForStop } from '../platform/listen-for-stop.ts';
import { createLogger } from '../platform/logger.ts';
import { type PlatformSettings, readPlatformSettings } from '../platform/settings.ts';
import { adaptToLoad, spendMemory } from '../platform/spare-memory.ts';
import { findTracing } from '../platform/tracing.ts';
import { loadProjectPlugins } from '../project/plugins.ts';
import { safe } from '../terminal/safe.ts';

/** `vwmp worker`. */
export const command: Command = async (invocation) => {
  const { settings, warnings, variables } = await readPlatformSettings();
  const worker = workerSettings(settings, invocation);
  const json = invocation.flag('json') || settings.logFormat === 'json';
  const logger = createLogger(invocation.terminal.out, { level: settings.logLevel, json, now: Date.now });
  for (const warning of warnings) logger.log('warn', warning);
  if (!settings.spareMemory) spendMemory();
  for (const warning of oddities({ ...settings, worker })) logger.log('warn', warning);
  try {
    return await work({ ...settings, worker }, variables, logger);
  } catch (error) {
    const { code, message } = toErrorInfo(error);
    if (json) logger.log('error', message, { code });
    throw error;
  }
};

async function work(
  settings: Settings,
  variables: PlatformSettings['variables'],
  logger: Logger,
): Promise<number> {
  const stop = listenForStop(logger, 'worker');
  const project = await loadProjectPlugins(process.cwd());
  const workerId = createWorkerId();
  const probes = settings.probePort > 0 ? await import('../platform/probes.ts') : undefined;
  const probing = probes?.createProbes(settings, logger);
  const platform = await compose({
    ...{ settings, variables, logger, project, workerId, tracing: await findTracing() },
    folder: project.folder,
    observers: [
      tellEnds(logger),
      ...(probing?.observers ?? []),
      ...(settings.spareMemory ? [{ onStepStarted: adaptToLoad() }] : []),
    ],
  });
  // Timers of a platform that has nothing to do keep no process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    await platform.open();
    await probing?.listen(platform);
    logger.log('info', 'The worker is ready.', await introduction(platform, workerId));
    await stop.stopped;
    probing?.drain();
    logger.log('info', 'The worker stops: it takes nothing new, and lets what runs end.', {
      reason: stop.reason(),
      grace_period: formatDuration(settings.worker.gracePeriod),
    });
  } finally {
    await platform.close();
    await probing?.close();
    clearInterval(alive);
  }
  logger.log('info', 'The worker has stopped. What had not ended was handed back.');
  return exitCodes.success;
}

/** What the command line says goes before the settings. @throws UsageError */
function workerSettings({ worker }: Settings, { text, texts }: Invocation): Settings['worker'] {
  const queues = [...new Set(texts('queue'))];
  for (const queue of queues) {
    if (/^[A-Za-z0-9._-]{1,64}$/.test(queue)) continue;
    throw new UsageError(
      `--queue is "${safe(queue)}": a name has up to 64 letters, digits, ".", "_" and "-".`,
      'worker',
    );
  }
  const concurrency = readNumber(text('concurrency'), '--concurrency', 'worker', { least: 1, most: 10_000 });
  return {
    ...worker,
    inProcess: true,
    ...(queues.length > 0 && { unified: false, queues }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

/** What can be asked for, and would have this worker do nothing. */
function* oddities({ database, queue, worker }: Settings): Generator<string> {
  if (database.backend === 'memory')
    yield 'Everything is kept in memory: no other process can give this worker anything to do.';
  const works = worker.unified || worker.queues.includes('executions');
  if (queue.backend === 'memory' && !works)
    yield 'The queues are in the memory of each process: a worker without the queue "executions" gets nothing. Use Redis.';
}

/** Says in `vwmp executions show` who it is. */
function createWorkerId(): string {
  const { hostname } = process.getBuiltinModule('node:os');
  return [hostname(), process.pid, Date.now().toString(36)].join('-');
}

/** The settings that matter for what it does. */
async function introduction(platform: Platform, worker: string): Promise<Record<string, unknown>> {
  const { describeSettings } = await import('@vwmp/core/settings');
  const shown = new Map(describeSettings(platform.settings).map(({ variable, value }) => [variable, value]));
  const { unified, queues, concurrency } = platform.settings.worker;
  return {
    worker,
    version: manifest.version,
    mode: platform.settings.deploymentMode,
    database: shown.get('VWMP_DATABASE_URL') ?? shown.get('VWMP_SQLITE_PATH') ?? shown.get('VWMP_FILE_PATH'),
    queue: shown.get('VWMP_REDIS_URL') ?? shown.get('VWMP_QUEUE_BACKEND'),
    queues: unified ? 'all' : queues.join(','),
    concurrency,
  };
}

function tellEnds(logger: Logger): ExecutionObserver {
  return {
    onEvent(event: ExecutionEvent) {
      if (event.event !== 'workflow_completed') return;
      const { execution_id, status, error } = event;
      logger.log('debug', 'An execution has ended.', { execution_id, status, error: error?.code });
    },
  };
}
