import { VwmpError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Consumer, Task } from '../ports/queue-backend.ts';
import { Dispatcher, executionQueue, executionTask, stepTask } from './dispatcher.ts';
import type { ExecutionService } from './execution-service.ts';
import { askHealth } from './health.ts';
import { createHousekeeping } from './housekeeping.ts';
import type { PlatformParts } from './parts.ts';
import type { Platform } from './platform.ts';
import { QueuePause } from './queue-pause.ts';
import { createScheduleService } from './schedule-service.ts';
import { schedulers } from './schedules/intervals.ts';
import { readStepTask } from './step-task.ts';
import { Sweeper } from './sweep.ts';
import { watchWorkflows } from './watched-workflows.ts';
import type { Worker } from './worker.ts';

/** So long closing waits for what is on its way into the queue, in milliseconds. */
const lastWords = 2000;

/**
 * Puts the services of a platform together over its parts. It has yet to be opened. What deals with executions is loaded with the first
 * one: an idle process holds what waits for them, and nothing more.
 */
export function createDurablePlatform(parts: PlatformParts): Platform {
  const { settings, storage, queue, bus, clock, logger, workerId, host } = parts;
  const { executions } = storage;
  const working = settings.worker.inProcess;
  let service: ExecutionService | undefined;
  let loading: Promise<ExecutionService> | undefined;
  /** Nothing begins any more. */
  let shut = false;
  const load = async (): Promise<ExecutionService> => {
    const { createExecutionService } = await import('./execution-service.ts');
    service = createExecutionService({ parts, dispatcher, pause, expect: (at) => sweeper.expect(at) });
    return service;
  };
  /** @throws ENGINE_CLOSED when there was nothing to do before the platform closed */
  const loaded = (): ExecutionService | Promise<ExecutionService> => {
    if (service) return service;
    if (loading === undefined && shut) throw notOpen();
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  /** What owns executions here; undefined as long as there was none. */
  const worker = (): Worker | undefined => service?.worker;
  const wakeHere = (id: string): void => {
    worker()
      ?.wake(id)
      .catch((error: unknown) => {
        logger.log('warn', 'Messages could not be read; a sweep will.', {
          execution_id: id,
          error: String(error),
        });
      });
  };
  const used = (name: string): void => {
    if (settings.worker.unified) consume(name);
  };
  const local = settings.queue.backend === 'memory';
  const sweepPause = local ? 250 : 2000;
  const pause = new QueuePause(queue, executionQueue, clock);
  const dispatcher = new Dispatcher({
    queue,
    bus,
    logger,
    workerId,
    works: working || !local,
    working,
    used,
    wakeHere,
    // It may be back as soon as it went: nobody waits for the sweep of every lease.
    untold: () => sweeper.expect(clock.now() + sweepPause),
  });
  const sweeper = new Sweeper({
    ...{ store: executions, clock, logger },
    interval: settings.worker.lease,
    pause: sweepPause,
    held: () => pause.holds(),
    ready: async (id) => {
      // Without the queue as long as there is room: what a dead worker left goes on also while Redis is away.
      const own = !local && consumers.has(executionQueue) ? (await loaded()).worker : undefined;
      if (own?.hasRoom) {
        sweeper.taken(id);
        void own.run(id);
        return;
      }
      // A worker that died may hold the task of an earlier look for as long as the queue lets it; not where the queue dies with it.
      const look = local ? '' : `:${Math.floor(clock.now() / settings.worker.lease)}`;
      await dispatcher.ready(id, { dedupe: `sweep:${id}${look}` });
    },
    also: async () => {
      await worker()?.wakeAll();
      if (settings.worker.unified) for (const name of await queue.queues()) consume(name);
    },
  });
  const schedules = createScheduleService(parts, loaded);
  const housekeeping = createHousekeeping(parts, () => ({ executions: worker()?.size ?? 0 }));
  host.observers.add(housekeeping.observer);
  const consumers = new Map<string, Consumer>();
  const stopped = new AbortController();
  const cleanups: (() => void)[] = [];
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const consume = (name: string): void => {
    if (!working || closing !== undefined || consumers.has(name)) return;
    consumers.set(name, queue.consume(name, { concurrency: settings.worker.concurrency }, carryOut));
  };

  const carryOut = async (task: Task, signal: AbortSignal): Promise<JsonValue | undefined> => {
    if (task.name === executionTask) {
      const { execution_id: id, urgent } = task.payload as { execution_id: string; urgent?: boolean };
      sweeper.taken(id);
      const own = (await loaded()).worker;
      for (let next = dispatcher.takeUrgent(); next !== undefined; next = dispatcher.takeUrgent())
        await own?.run(next, true);
      await own?.run(id, urgent);
      return undefined;
    }
    if (task.name === stepTask) {
      const step = readStepTask(task.payload);
      if (step) await (await loaded()).steps.run(step, AbortSignal.any([signal, stopped.signal]));
      return undefined;
    }
    const run = parts.tasks[task.name];
    if (run) return run(task.payload, { signal, attempt: task.attempt });
    const message = `No function is registered for task "${task.name}" of queue "${task.queue}". Register it where the platform is made.`;
    throw new VwmpError('NOT_FOUND', message, { retryable: false });
  };

  const open = async (): Promise<void> => {
    // Side by side, as servers take their time to let somebody in; and to the end, so that nothing is still opening when one cannot.
    const all = Promise.allSettled([storage, queue, bus].map((part) => part.open()));
    for (const { reason } of (await all) as { reason?: unknown }[]) if (reason) throw reason;
    if (parts.workflows !== storage.workflows) await parts.workflows.open();
    if (!working) return;
    cleanups.push(bus.onWake(workerId, wakeHere));
    const { unified, queues } = settings.worker;
    for (const name of unified ? [executionQueue, ...queues] : queues) consume(name);
    housekeeping.open();
    if (!consumers.has(executionQueue)) return;
    const lookSoon = (): void => sweeper.expect(clock.now());
    // What another process has put into the same storage, where no queue between the two tells of it.
    cleanups.push(bus.onWake(executionQueue, lookSoon));
    const changed = (): void => {
      lookSoon();
      schedules.look();
    };
    cleanups.push(bus.onWake(schedulers, () => schedules.look()));
    // What came and went with Redis took hints with it.
    const unwatch = local ? storage.onChange?.(changed) : bus.onResume?.(changed);
    if (unwatch) cleanups.push(unwatch);
    await sweeper.sweep();
    await schedules.open();
  };

  const close = async (): Promise<void> => {
    await opening?.catch(() => {});
    await Promise.all([sweeper.close(), schedules.close()]);
    const ending = Promise.all([...consumers.values()].map((consumer) => consumer.close()));
    const { gracePeriod } = settings.worker;
    const clear = clock.setTimer(clock.now() + gracePeriod, () => stopped.abort(), { elapsed: true });
    shut = true;
    const last = await loading?.catch(() => undefined);
    await last?.worker?.close(gracePeriod).catch((error: unknown) => {
      logger.log('warn', 'The worker said no goodbye; its executions go on when its lease ends.', {
        error: String(error),
      });
    });
    await ending;
    last?.close(notOpen());
    clear();
    for (const cleanup of cleanups.splice(0)) cleanup();
    await housekeeping.close();
    await toldAll();
    await Promise.all([queue.close(), bus.close()]);
    if (parts.workflows !== storage.workflows) await parts.workflows.close();
    await storage.close();
  };

  /** Whoever has only started something waits for no queue that is away: a sweep finds it. */
  const toldAll = async (): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const clear = clock.setTimer(clock.now() + lastWords, late.resolve, { elapsed: true });
    await Promise.race([dispatcher.idle(), late.promise]);
    clear();
  };

  const notOpen = (): VwmpError => {
    const message = 'The platform is not open. Call open(). Once closed, make another.';
    return new VwmpError('ENGINE_CLOSED', message, { retryable: false });
  };

  /** For whoever asks from outside. @throws ENGINE_CLOSED */
  const ready = (): ExecutionService | Promise<ExecutionService> => {
    if (opening === undefined || closing !== undefined) throw notOpen();
    return loaded();
  };

  const platform: Platform = {
    settings,
    workerId,
    plugins: parts.plugins,
    storage,
    workflows: watchWorkflows(parts.workflows, (id) => {
      service?.changed();
      return schedules.changed(id);
    }),
    schedules,
    queue,
    bus,
    open() {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close() {
      closing ??= close();
      return closing;
    },
    async start(workflow, parameters: JsonObject = {}, options = {}) {
      return (await ready()).acceptance.start(workflow, parameters, options);
    },
    async retry(id, options) {
      return (await ready()).retry(id, options);
    },
    async execution(id) {
      return (await ready()).execution(id);
    },
    async wait(id, options) {
      return (await ready()).wait(id, options);
    },
    async signal(...given) {
      return (await ready()).signal(...given);
    },
    async decideApproval(...given) {
      return (await ready()).decideApproval(...given);
    },
    async cancel(...given) {
      return (await ready()).cancel(...given);
    },
    async acceptWebhook(path, delivery) {
      return (await ready()).acceptWebhook(path, delivery);
    },
    secretNames: () => [...(host.options.secrets?.names?.() ?? [])].sort(),
    health: (asked) => askHealth(parts, asked),
  };
  return platform;
}
