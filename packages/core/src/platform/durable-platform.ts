import { checkDecision, notWaiting, parseRunRef } from '../engine/approval.ts';
import { bindParameters } from '../engine/parameters.ts';
import { PayloadGuard } from '../engine/payload.ts';
import { hasCode, VwmpError } from '../errors.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import type { Consumer, Task } from '../ports/queue-backend.ts';
import { createRedactor } from '../values/index.ts';
import { Acceptance } from './acceptance.ts';
import { conceal, type Sent } from './conceal.ts';
import { wasAnsweredOtherwise } from './decision.ts';
import { Dispatcher, executionQueue, executionTask, stepTask } from './dispatcher.ts';
import { encryptionKeySource } from './encryption-key.ts';
import { endWaiting } from './end-unworked.ts';
import type { EndListener } from './ends.ts';
import { askHealth } from './health.ts';
import { createHousekeeping } from './housekeeping.ts';
import { message } from './journal.ts';
import type { PlatformParts } from './parts.ts';
import type { Platform } from './platform.ts';
import { readExecution } from './read-execution.ts';
import type { RelativesOptions } from './relatives.ts';
import { createScheduleService } from './schedule-service.ts';
import { createSealer } from './seal.ts';
import { StepRunner } from './step-runner.ts';
import { readStepTask } from './step-task.ts';
import { Sweeper } from './sweep.ts';
import { UnnamedDeliveries } from './triggers/unnamed.ts';
import { WebhookIndex } from './triggers/webhook-index.ts';
import { acceptDelivery, type WebhooksOptions } from './triggers/webhooks.ts';
import { waitForEnd } from './wait-for-end.ts';
import { watchWorkflows } from './watched-workflows.ts';
import { Worker } from './worker.ts';
import { WorkflowCache } from './workflow-cache.ts';

/** 16 MiB. */
const defaultMaxPayload = 16 * 1024 * 1024;

/** Puts the services of a platform together over its parts. It has yet to be opened. */
export function createDurablePlatform(parts: PlatformParts): Platform {
  const { settings, storage, queue, bus, clock, ids, logger, workerId, host } = parts;
  const { executions } = storage;
  const cache = new WorkflowCache(parts.plugins);
  const sealer = createSealer(encryptionKeySource(settings));
  const working = settings.worker.inProcess;
  const wakeHere = (id: string): void => {
    worker?.wake(id).catch((error: unknown) => {
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
  const startChild: RelativesOptions['start'] = async (workflowId, parameters, options) => {
    const { execution_id, created } = await acceptance.start(workflowId, parameters, options);
    const parent = created ? options.parent : (await executions.get(execution_id))?.origin?.parent;
    if (parent?.execution_id === options.parent.execution_id) return execution_id;
    // It would be waited for in vain.
    const message = `Workflow "${workflowId}" was not started: execution "${execution_id}" has the idempotency key of this child.`;
    throw new VwmpError('CHILD_FAILED', message, { retryable: false });
  };
  const family = {
    startChild,
    signal: (id: string, name: string, payload: JsonValue) => send(id, name, payload),
    cancel: (id: string, reason: string) => cancel(id, reason),
  };
  const worker = working
    ? new Worker({ parts, cache, sealer, dispatcher, ...family, expect: (at) => sweeper.expect(at) })
    : undefined;
  const acceptance = new Acceptance({
    parts,
    cache,
    sealer,
    dispatcher,
    worker,
    cancel: family.cancel,
  });
  const steps = new StepRunner({
    ...{ parts, cache, sealer, ...family, start: startChild },
    wake: (woken) => dispatcher.wake(woken),
  });
  const sweeper = new Sweeper({
    ...{ store: executions, clock, logger },
    interval: settings.worker.lease,
    pause: sweepPause,
    ready: async (id) => {
      // Without the queue as long as there is room: what a dead worker left goes on also while Redis is away.
      if (!local && worker?.hasRoom && consumers.has(executionQueue)) {
        sweeper.taken(id);
        void worker.run(id);
        return;
      }
      // A worker that died may hold the task of an earlier look for as long as the queue lets it.
      const look = Math.floor(clock.now() / settings.worker.lease);
      await dispatcher.ready(id, { dedupe: `sweep:${id}:${look}` });
    },
    also: async () => {
      await worker?.wakeAll();
      if (settings.worker.unified) for (const name of await queue.queues()) consume(name);
    },
  });
  const webhooks = new WebhookIndex(parts.workflows, cache, clock, logger);
  const { maxAge, maxCount } = settings.retention;
  const retention = [{ max_age: maxAge, max_count: maxCount }, ...parts.retention];
  const unnamed = new UnnamedDeliveries({ executions, clock, retention });
  const schedules = createScheduleService(parts, cache, acceptance);
  const housekeeping = createHousekeeping(parts, () => ({ executions: worker?.size ?? 0 }));
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
      const { execution_id: id } = task.payload as { execution_id: string };
      sweeper.taken(id);
      for (let next = dispatcher.takeUrgent(); next !== undefined; next = dispatcher.takeUrgent())
        await worker?.run(next);
      await worker?.run(id);
      return undefined;
    }
    if (task.name === stepTask) {
      const step = readStepTask(task.payload);
      if (step) await steps.run(step, AbortSignal.any([signal, stopped.signal]));
      return undefined;
    }
    const run = parts.tasks[task.name];
    if (run) return run(task.payload, { signal, attempt: task.attempt });
    const message = `No function is registered for the task "${task.name}" of queue "${task.queue}". Register it where the platform is made.`;
    throw new VwmpError('NOT_FOUND', message, { retryable: false });
  };

  const open = async (): Promise<void> => {
    await storage.open();
    if (parts.workflows !== storage.workflows) await parts.workflows.open();
    await Promise.all([queue.open(), bus.open()]);
    if (!worker) return;
    cleanups.push(bus.onWake(workerId, wakeHere));
    const { unified, queues } = settings.worker;
    for (const name of unified ? [executionQueue, ...queues] : queues) consume(name);
    housekeeping.open();
    if (!consumers.has(executionQueue)) return;
    const lookSoon = (): void => sweeper.expect(clock.now());
    // What another process has put into the same storage, where no queue between the two tells of it.
    cleanups.push(bus.onWake(executionQueue, lookSoon));
    const unwatch = settings.queue.backend === 'memory' ? storage.onChange?.(lookSoon) : undefined;
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
    await worker?.close(gracePeriod).catch((error: unknown) => {
      logger.log(
        'warn',
        'The worker could not say goodbye; its executions are taken over when its lease ends.',
        { error: String(error) },
      );
    });
    await ending;
    steps.close();
    clear();
    for (const cleanup of cleanups.splice(0)) cleanup();
    await housekeeping.close();
    await Promise.all([queue.close(), bus.close()]);
    if (parts.workflows !== storage.workflows) await parts.workflows.close();
    await storage.close();
  };

  const checkOpen = (): void => {
    if (opening === undefined || closing !== undefined) {
      throw new VwmpError(
        'ENGINE_CLOSED',
        `The platform ${closing !== undefined ? 'has been closed' : 'has not been opened'}.`,
        { retryable: false },
      );
    }
  };

  // Only where nobody here works on executions: a process that does sees their ends.
  const onChange = local && !working ? storage.onChange?.bind(storage) : undefined;
  const guard = new PayloadGuard(createRedactor(), host.options.maxPayload ?? defaultMaxPayload);

  const post = async (id: string, body: Sent, messageId = ids.next()): Promise<void> => {
    const sealed = (await executions.get(id))?.origin?.sealed;
    const shown = sealed === undefined ? body : conceal(body, sealed, sealer);
    const woken = await executions.post(message(messageId, id, shown));
    await dispatcher.wake([woken], body.type === 'cancel');
  };

  /** Does it at once where the execution is worked on here; sends it where it is not. */
  const hereOr = async (
    id: string,
    here: () => Promise<void>,
    body: Sent,
    messageId?: string,
  ): Promise<void> => {
    if (worker?.find(id)) {
      try {
        return await here();
      } catch (error) {
        const gone =
          hasCode(error, 'EXECUTION_PARKED') ||
          hasCode(error, 'EXECUTION_NOT_ACTIVE') ||
          hasCode(error, 'FENCED');
        if (!gone) throw error;
      }
    }
    await post(id, body, messageId);
  };

  /** Also while it closes, as what runs is to end. */
  const send = async (id: string, signal: string, payload: JsonValue): Promise<void> => {
    const clean = guard.clean(payload);
    const owned = worker?.find(id);
    const here = async (): Promise<void> => {
      const { execution, payload: own } = owned!;
      await execution.accept({
        type: 'signal',
        at: execution.now(),
        signal: own.text(signal),
        payload: own.clean(clean),
      });
    };
    await hereOr(id, here, { type: 'signal', signal, payload: clean });
  };

  const cancel = async (id: string, reason: string): Promise<void> => {
    const owned = worker?.find(id);
    const body: Sent = { type: 'cancel', reason };
    // That undoing is given up is recorded only with the end, and must not be forgotten when this process dies before.
    if (owned?.execution.undoing) await post(id, body);
    else await hereOr(id, async () => owned!.execution.cancel(owned!.payload.text(reason)), body);
    // It is accepted; where this cannot be done now, whoever takes it up does it.
    await endWaiting(id, { parts, wake: (woken) => dispatcher.wake(woken, true) }).catch(() => {});
  };

  const platform: Platform = {
    settings,
    workerId,
    plugins: parts.plugins,
    storage,
    workflows: watchWorkflows(parts.workflows, (id) => {
      webhooks.changed();
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
      checkOpen();
      return acceptance.start(workflow, parameters, options);
    },
    async retry(id, options = {}) {
      checkOpen();
      return acceptance.retry(id, options);
    },
    async execution(id): Promise<Execution | undefined> {
      checkOpen();
      const live = worker?.find(id)?.execution;
      if (live?.isRecorded) return live.snapshot();
      return (await readExecution(executions, id))?.snapshot();
    },
    async wait(id, options = {}) {
      checkOpen();
      const found = <T>(execution: T | undefined): T => {
        if (execution !== undefined) return execution;
        throw new VwmpError('EXECUTION_NOT_FOUND', `There is no execution "${id}".`, { retryable: false });
      };
      const read = async (): Promise<ExecutionRecord> => found(await executions.get(id));
      const here = (listener: EndListener) => worker?.watchEnd(id, listener);
      const ended = await waitForEnd(id, { bus, clock, read, onChange, here }, options);
      return ended ?? found(await platform.execution(id));
    },
    async signal(id, signal, payload = null) {
      checkOpen();
      await send(id, signal, payload);
    },
    async decideApproval(id, step, decision) {
      checkOpen();
      const ref = parseRunRef(step);
      const waiting = worker?.find(id)?.execution ?? (await readExecution(executions, id));
      if (!waiting)
        throw new VwmpError('EXECUTION_NOT_FOUND', `There is no execution "${id}".`, { retryable: false });
      const payload = guard.clean(decision);
      const round = await checkDecision(waiting, ref, decision);
      const owned = worker?.find(id);
      const here = async (): Promise<void> => {
        const { execution, payload: own } = owned!;
        const given = { ...ref, round, payload: own.clean(payload) };
        await execution.accept({ type: 'resume', at: execution.now(), ...given });
      };
      // The same for all that answer this question: the store keeps the first one.
      const messageId = `decide:${round}:${ref.step_id}:${ref.index ?? ''}:${id}`;
      const nonce = ids.next();
      await hereOr(id, here, { type: 'decide', ref, round, nonce, payload }, messageId);
      const kept = (await executions.messages(id)).find((each) => each.id === messageId);
      const refused = kept && (kept.body as { nonce?: string }).nonce !== nonce;
      // An answer of someone else may have come, and gone again, before this one was sent.
      if (refused || (await wasAnsweredOtherwise(executions, id, { ...ref, round }, payload)))
        throw notWaiting(id, ref);
    },
    async cancel(id, reason = 'It was cancelled.') {
      checkOpen();
      await cancel(id, reason);
    },
    async acceptWebhook(path, delivery) {
      checkOpen();
      const { secrets, env = {} } = host.options;
      const start: WebhooksOptions['start'] = (id, parameters, given) =>
        acceptance.start(id, parameters, given);
      const sources = { index: webhooks, unnamed, clock, secrets, env };
      return acceptDelivery(path, delivery, { ...sources, start, check: bindParameters });
    },
    secretNames: () => [...(host.options.secrets?.names?.() ?? [])].sort(),
    health: () => askHealth(parts),
  };
  return platform;
}
