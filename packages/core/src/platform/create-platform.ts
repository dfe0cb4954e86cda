import { systemClock } from '../engine/clock.ts';
import { consoleLogger } from '../engine/console-logger.ts';
import { createIdSource } from '../engine/ids.ts';
import type { ExecutionObserver } from '../engine/observer.ts';
import type { EngineOptions } from '../engine/options.ts';
import { corePlugin } from '../handlers/index.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Retention } from '../ports/execution-store.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';
import type { Storage } from '../ports/storage.ts';
import type { WorkflowStore } from '../ports/workflow-store.ts';
import type { Settings } from '../settings/settings.ts';
import { createWorkspace } from '../workspace/index.ts';
import { createBackends } from './backends.ts';
import { createDurablePlatform } from './durable-platform.ts';
import type { TaskFunction } from './parts.ts';
import type { Platform } from './platform.ts';
import { createSecretFile, firstOf } from './secret-file.ts';

/** What a platform gets besides its settings. */
export interface PlatformOptions
  extends Pick<
    EngineOptions,
    'plugins' | 'secrets' | 'env' | 'workspace' | 'maxPayload' | 'logger' | 'clock' | 'ids' | 'random'
  > {
  /** Told of every event of the executions that this process works on. */
  observers?: readonly ExecutionObserver[];
  /** Rules for single workflows, besides what the settings say of all: completed executions that may go. */
  retention?: readonly Retention[];
  /** Functions that tasks of the queue name, besides those of the platform itself. */
  tasks?: Readonly<Record<string, TaskFunction>>;
  /**
   * The trace context in which an execution is accepted, as the header `traceparent` of W3C. It is kept with the execution, so that
   * whichever process works on it can go on with the trace.
   */
  traceparent?: (executionId: string) => string | undefined;
  /** Adapters to use instead of those that the settings name. */
  storage?: Storage;
  queue?: QueueBackend;
  bus?: EventBus;
  workflows?: WorkflowStore;
  /** Where the packages of its adapters are installed: folders, tried in this order. @defaultValue the working directory */
  from?: string | readonly string[];
  /** Of this process, unique among all. @defaultValue host, process and chance */
  workerId?: string;
}

/**
 * Puts a platform together as the settings say. Only the packages that they ask for are loaded.
 *
 * @throws PACKAGE_MISSING, which names the package and the command that adds it; PLUGIN_INVALID, PLUGIN_CONFLICT; VALUE_INVALID
 */
export async function createPlatform(settings: Settings, options: PlatformOptions = {}): Promise<Platform> {
  const { clock = systemClock, logger = consoleLogger, from = process.cwd() } = options;
  const ids = options.ids ?? createIdSource(clock.now.bind(clock), options.random);
  const plugins = new PluginRegistry();
  for (const plugin of [corePlugin, ...(options.plugins ?? [])]) plugins.add(plugin);
  const { storage, queue, bus, workflows } = await createBackends(settings, options, {
    clock: options.clock,
    logger,
    from: [from].flat(),
  });
  const { env, maxPayload, random } = options;
  const secrets = firstOf(options.secrets, createSecretFile(settings));
  const observers = new Set<ExecutionObserver>([
    { onEvent: (event) => bus.publish(event) },
    ...(options.observers ?? []),
  ]);
  const { gracePeriod } = settings.worker;
  return createDurablePlatform({
    ...{ settings, plugins, storage, workflows, queue, bus, clock, ids, logger },
    tasks: options.tasks ?? {},
    ...(options.traceparent && { traceparent: options.traceparent }),
    retention: options.retention ?? [],
    unrecorded: new Set(),
    workerId: options.workerId ?? createWorkerId(ids.next()),
    host: {
      workspace: createWorkspace(options.workspace ?? '.'),
      observers,
      options: {
        ...{ clock, logger, gracePeriod },
        secrets,
        ...(env ? { env } : {}),
        ...(maxPayload === undefined ? {} : { maxPayload }),
        ...(random ? { random } : {}),
      },
    },
  });
}

/** Says where it is to whoever reads it. */
function createWorkerId(unique: string): string {
  return [process.getBuiltinModule('node:os').hostname(), process.pid, unique].join('-');
}
