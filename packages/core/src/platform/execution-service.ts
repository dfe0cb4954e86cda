import { checkDecision, notWaiting, parseRunRef } from '../engine/approval.ts';
import { notStarted } from '../engine/children.ts';
import { digest } from '../engine/digest.ts';
import { defaultMaxPayload } from '../engine/options.ts';
import { bindParameters } from '../engine/parameters.ts';
import { PayloadGuard } from '../engine/payload.ts';
import { hasCode, type VwmpError } from '../errors.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonValue } from '../model/json.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { createRedactor } from '../values/index.ts';
import { Acceptance } from './acceptance.ts';
import { checkText } from './check-text.ts';
import { conceal, type Sent } from './conceal.ts';
import { isRecordOf, readQuestion } from './decision.ts';
import type { Dispatcher } from './dispatcher.ts';
import { encryptionKeySource } from './encryption-key.ts';
import { endWaiting } from './end-unworked.ts';
import type { EndListener } from './ends.ts';
import { message } from './journal.ts';
import type { PlatformParts } from './parts.ts';
import type { Platform } from './platform.ts';
import type { QueuePause } from './queue-pause.ts';
import { noExecution, readExecution } from './read-execution.ts';
import type { RelativesOptions } from './relatives.ts';
import { createSealer } from './seal.ts';
import { StepRunner } from './step-runner.ts';
import { UnnamedDeliveries } from './triggers/unnamed.ts';
import { WebhookIndex } from './triggers/webhook-index.ts';
import { acceptDelivery, type WebhooksOptions } from './triggers/webhooks.ts';
import { Closing, waitForEnd } from './wait-for-end.ts';
import { wasSignalled } from './was-signalled.ts';
import { Worker } from './worker.ts';
import { WorkflowCache } from './workflow-cache.ts';

/** What a platform does with executions. Everything in here is loaded together, once there is one to start, to find or to tell. */
export interface ExecutionService
  extends Pick<
    Platform,
    'retry' | 'execution' | 'wait' | 'signal' | 'decideApproval' | 'cancel' | 'acceptWebhook'
  > {
  readonly acceptance: Acceptance;
  /** Missing when this process does not work on executions. */
  readonly worker: Worker | undefined;
  readonly steps: StepRunner;
  /** @throws DOCUMENT_INVALID */
  document(text: string): Promise<WorkflowDocument>;
  /** A workflow was saved or removed. */
  changed(): void;
  /** Ends what still goes on here: whoever waits is given the error. */
  close(error: VwmpError): void;
}

export interface ExecutionServiceOptions {
  readonly parts: PlatformParts;
  readonly dispatcher: Dispatcher;
  /** Of the queue of executions. */
  readonly pause: QueuePause;
  /** An execution is to be taken up at that moment, in milliseconds since 1970. */
  expect(at: number): void;
}

export function createExecutionService({
  parts,
  dispatcher,
  pause,
  expect,
}: ExecutionServiceOptions): ExecutionService {
  const { settings, storage, bus, clock, ids, logger, host } = parts;
  const { executions } = storage;
  const cache = new WorkflowCache(parts.plugins);
  const sealer = createSealer(encryptionKeySource(settings));
  const startChild: RelativesOptions['start'] = async (workflowId, parameters, options) => {
    const { execution_id, created } = await acceptance.start(workflowId, parameters, options);
    const parent = created ? options.parent : (await executions.get(execution_id))?.origin?.parent;
    if (parent?.execution_id === options.parent.execution_id) return execution_id;
    // It would be waited for in vain.
    throw notStarted(workflowId, `execution "${execution_id}" has the idempotency key of this child`);
  };
  const family = {
    startChild,
    signal: (...given: Parameters<typeof send>) => send(...given),
    cancel: (id: string, reason: string) => cancel(id, reason, true),
  };
  const worker = settings.worker.inProcess
    ? new Worker({ parts, cache, sealer, dispatcher, ...family, expect })
    : undefined;
  const acceptance = new Acceptance({
    parts,
    cache,
    sealer,
    dispatcher,
    pause,
    worker,
    cancel: family.cancel,
  });
  const steps = new StepRunner({
    ...{ parts, cache, sealer, ...family, start: startChild },
    wake: (woken) => dispatcher.wake(woken),
  });
  const webhooks = new WebhookIndex(parts.workflows, cache, clock, logger);
  const { maxAge, maxCount } = settings.retention;
  const retention = [{ max_age: maxAge, max_count: maxCount }, ...parts.retention];
  const unnamed = new UnnamedDeliveries({ executions, clock, retention });
  // Only where nobody here works on executions: a process that does sees their ends.
  const onChange =
    settings.queue.backend === 'memory' && !worker ? storage.onChange?.bind(storage) : undefined;
  const closing = new Closing();
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
  const send = async (id: string, signal: string, payload: JsonValue, key?: string): Promise<void> => {
    const clean = guard.take(payload);
    const once = guard.keyed(key);
    const owned = worker?.find(id);
    const here = async (): Promise<void> => {
      const { execution, payload: own } = owned!;
      await execution.accept({
        type: 'signal',
        at: execution.now(),
        signal: own.text(signal),
        payload: own.take(clean),
        ...own.keyed(key),
      });
    };
    try {
      // Sent again with its key it is the same message, as long as the first waits.
      const messageId = once && `signal:${digest(JSON.stringify([signal, key]))}:${id}`;
      await hereOr(id, here, { type: 'signal', signal, payload: clean, ...once }, messageId);
    } catch (error) {
      // It has ended since: what it took in before stays accepted.
      const before =
        key !== undefined &&
        hasCode(error, 'EXECUTION_NOT_ACTIVE') &&
        (await wasSignalled(executions, id, signal, key));
      if (!before) throw error;
    }
  };

  /** @param gentle - whether what is being undone goes on: only people give that up */
  const cancel = async (id: string, reason: string, gentle = false): Promise<void> => {
    const owned = worker?.find(id);
    const body: Sent = { type: 'cancel', reason, ...(gentle && { gentle }) };
    // That undoing is given up is recorded only with the end, and must not be forgotten when this process dies before.
    if (owned?.execution.undoing) {
      if (!gentle) await post(id, body);
      return;
    }
    await hereOr(id, async () => owned!.execution.cancel(owned!.payload.text(reason)), body);
    // It is accepted; where this cannot be done now, whoever takes it up does it.
    await endWaiting(id, { parts, wake: (woken) => dispatcher.wake(woken, true) }).catch(() => {});
  };

  const service: ExecutionService = {
    acceptance,
    worker,
    steps,
    document: async (text) => (await cache.get(text)).document,
    changed: () => webhooks.changed(),
    close(error) {
      steps.close();
      closing.close(error);
    },
    retry: (id, options = {}) => acceptance.retry(id, options),
    async execution(id): Promise<Execution | undefined> {
      const live = worker?.find(id)?.execution;
      if (live?.isRecorded) return live.snapshot();
      return (await readExecution(executions, id))?.snapshot();
    },
    async wait(id, options = {}) {
      const found = <T>(execution: T | undefined): T => {
        if (execution !== undefined) return execution;
        throw noExecution(id);
      };
      const read = async (): Promise<ExecutionRecord> => found(await executions.get(id));
      const here = (listener: EndListener) => worker?.watchEnd(id, listener);
      try {
        const source = { bus, clock, read, onChange, here, closing };
        return (await waitForEnd(id, source, options)) ?? found(await service.execution(id));
      } catch (error) {
        // What was being read at that moment failed only because of it.
        closing.throwIfClosed();
        throw error;
      }
    },
    async signal(id, signal, payload = null, { idempotencyKey } = {}) {
      checkText('idempotency key', idempotencyKey);
      await send(id, signal, payload, idempotencyKey);
    },
    async decideApproval(id, step, decision, { asked } = {}) {
      const ref = parseRunRef(step);
      const waiting = worker?.find(id)?.execution ?? (await readExecution(executions, id));
      if (!waiting) throw noExecution(id);
      const payload = guard.take(decision);
      // The same for all that answer this question: the store keeps the first one.
      const idOf = (round: string): string => `decide:${round}:${ref.step_id}:${ref.index ?? ''}:${id}`;
      const keptAs = async (messageId: string): Promise<{ nonce?: string; payload: JsonValue } | undefined> =>
        (await executions.messages(id)).find((each) => each.id === messageId)?.body as never;
      if (asked !== undefined) {
        const question = await readQuestion(executions, id, ref, undefined, asked);
        const answer = question && (question.answer ?? (await keptAs(idOf(question.round)))?.payload);
        // Sent again because nobody learnt that it was accepted.
        if (answer !== undefined && isRecordOf(answer, payload)) return;
        if (waiting.roundOf(ref) !== question?.round) throw notWaiting(id, ref);
      }
      const round = await checkDecision(waiting, ref, decision);
      const owned = worker?.find(id);
      const here = async (): Promise<void> => {
        const { execution, payload: own } = owned!;
        const given = { ...ref, round, payload: own.take(payload) };
        await execution.accept({ type: 'resume', at: execution.now(), ...given });
      };
      const messageId = idOf(round);
      const nonce = ids.next();
      await hereOr(id, here, { type: 'decide', ref, round, nonce, payload }, messageId);
      const kept = await keptAs(messageId);
      if (kept && kept.nonce !== nonce) throw notWaiting(id, ref);
      // An answer of someone else may have come, and gone again, before this one was sent.
      const answer = (await readQuestion(executions, id, ref, round))?.answer;
      if (answer !== undefined && !isRecordOf(answer, payload)) throw notWaiting(id, ref);
    },
    cancel: (id, reason = 'It was cancelled.', options) => cancel(id, reason, options?.gentle),
    async acceptWebhook(path, delivery) {
      const { secrets, env = {} } = host.options;
      const start: WebhooksOptions['start'] = (id, parameters, given) =>
        acceptance.start(id, parameters, given);
      const sources = { index: webhooks, unnamed, clock, secrets, env };
      return acceptDelivery(path, delivery, { ...sources, start, check: bindParameters });
    },
  };
  return service;
}
