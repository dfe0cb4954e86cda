import { type Active, launch } from '../engine/launch.ts';
import type { BoundParameters } from '../engine/parameters.ts';
import type { Workflow } from '../engine/workflow.ts';
import { hasCode, VwmpError } from '../errors.ts';
import type { RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import type { Step } from '../model/workflow.ts';
import type { Claimed, Message, Origin, Woken } from '../ports/execution-store.ts';
import { createRedactor, type Redactor } from '../values/index.ts';
import { attachedChildren } from './attached-children.ts';
import { untold } from './awaited-children.ts';
import type { Dispatcher } from './dispatcher.ts';
import { stepTask } from './dispatcher.ts';
import { type EndOptions, endUnworked, endWaiting } from './end-unworked.ts';
import { type EndListener, Ends } from './ends.ts';
import { HandOut } from './hand-out.ts';
import { readHistory, toResumption } from './history.ts';
import { Inbox } from './inbox.ts';
import { createLeasedJournal } from './journal.ts';
import { Lease } from './lease.ts';
import { Linger } from './linger.ts';
import { endMessage, type MessageBody } from './message.ts';
import type { PlatformParts } from './parts.ts';
import { isPassing, patiently } from './patience.ts';
import { DurableRelatives, type RelativesOptions } from './relatives.ts';
import type { Sealer } from './seal.ts';
import type { StepTask } from './step-task.ts';
import { TurnoverMap } from './turnover-map.ts';
import type { WorkflowCache } from './workflow-cache.ts';

/** Shorter waits are not worth letting go of the execution, in milliseconds. */
const parkAfter = 1000;

/** When an execution that could not be taken up is tried again, in milliseconds. */
const unableFor = 30_000;

/** So many messages may be read again with each hint before hints are gathered. */
const crowd = 16;

export interface WorkerOptions extends Pick<RelativesOptions, 'signal' | 'cancel'> {
  readonly parts: PlatformParts;
  readonly cache: WorkflowCache;
  readonly sealer: Sealer;
  readonly dispatcher: Dispatcher;
  readonly startChild: RelativesOptions['start'];
  /** An execution is to be taken up at that moment, in milliseconds since 1970. */
  expect(at: number): void;
}

/** An execution that this process owns. */
export interface Owned extends Active {
  readonly id: string;
  readonly epoch: number;
  readonly inbox: Inbox;
  readonly relatives: DurableRelatives;
  /** Resolves when this process is done with it, in whichever way. */
  readonly done: Promise<void>;
}

interface Beginning {
  readonly id: string;
  readonly epoch: number;
  readonly parameters: BoundParameters;
  readonly redactor?: Redactor;
  readonly origin?: Origin;
  readonly trigger?: JsonValue;
  readonly history?: readonly StoredEvent[];
  readonly messages?: readonly Message[];
}

/** Owns executions and works on them until they end, park or have to be handed back. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #lease: Lease;
  readonly #handOut: HandOut;
  readonly #owned = new TurnoverMap<string, Owned>();
  readonly #ends = new Ends();
  readonly #claiming = new Set<string>();
  /** Woken while they were being claimed. */
  readonly #missed = new Set<string>();
  /** Whose messages are being read, and whether more may have come since. */
  readonly #reading = new Map<string, boolean>();
  /** Those that could not be taken up here, and when they may be tried again. */
  readonly #unable = new Map<string, number>();
  #beginning = 0;
  #closing = false;
  #givenUp = false;

  constructor(options: WorkerOptions) {
    const { storage, workerId: worker, clock, logger, settings } = options.parts;
    this.#options = options;
    this.#handOut = new HandOut(options.dispatcher, clock);
    this.#lease = new Lease({ store: storage.executions, worker, ttl: settings.worker.lease, clock, logger });
  }

  get size(): number {
    return this.#owned.size;
  }

  /** True when it may take on one more without being asked to by a queue. */
  get hasRoom(): boolean {
    const { concurrency } = this.#options.parts.settings.worker;
    return !this.#closing && this.#owned.size + this.#beginning + this.#claiming.size < concurrency;
  }

  find(id: string): Owned | undefined {
    return this.#owned.get(id);
  }

  /**
   * Tells of the end of an execution that it owns.
   *
   * @returns what ends that; undefined when it does not own it
   */
  watchEnd(id: string, listener: EndListener): (() => void) | undefined {
    return this.#owned.has(id) ? this.#ends.watch(id, listener) : undefined;
  }

  /** Creates an execution and works on it. Resolves once its start is recorded. @throws ALREADY_EXISTS, ENGINE_CLOSED */
  async begin(
    workflow: Workflow,
    beginning: Omit<Beginning, 'epoch' | 'history' | 'messages'>,
  ): Promise<void> {
    const renewed = this.#lease.ensure();
    if (renewed !== undefined) {
      this.#beginning++;
      await renewed.finally(() => this.#beginning--);
    }
    const { id } = beginning;
    if (this.#closing)
      throw new VwmpError('ENGINE_CLOSED', `Execution "${id}" was not started: the worker closes.`);
    // The one that is there must go on being found here.
    if (this.#owned.has(id) || this.#claiming.has(id)) {
      const message = `The execution "${id}" is there already. Read it, or choose another id.`;
      throw new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { execution_id: id } });
    }
    const owned = this.#launch(workflow, { ...beginning, epoch: 1 });
    await owned.execution.begin();
  }

  /** Takes up an execution if it is ready, and resolves when this process is done with it. Never rejects. */
  async run(id: string): Promise<void> {
    const known = this.#owned.get(id);
    if (known) return known.done;
    if (this.#closing || this.#claiming.has(id) || this.#isUnable(id)) return;
    const { storage, workerId, clock, logger } = this.#options.parts;
    this.#claiming.add(id);
    let owned: Owned | undefined;
    let missed = false;
    try {
      await this.#lease.ensure();
      const record = await storage.executions.claim(id, workerId, clock.now());
      owned = record && (await this.#takeUp(record));
      if (!record) await endWaiting(id, this.#ending);
    } catch (error) {
      logger.log('warn', 'An execution could not be taken up; it is tried again.', {
        execution_id: id,
        error: String(error),
      });
      // It may be claimed all the same.
      this.#giveBack(id, error);
    } finally {
      this.#claiming.delete(id);
      missed = this.#missed.delete(id);
    }
    if (!owned) return;
    if (missed) await this.wake(id).catch(() => {});
    await owned.done;
  }

  /** Looks for messages to an execution that it owns. */
  async wake(id: string): Promise<void> {
    // While messages wait to be recorded, every look finds all of them again: a crowd of hints is one look.
    const reading = this.#reading.has(id);
    this.#reading.set(id, reading);
    if (reading) return;
    try {
      const known = await this.#look(id);
      if (known > crowd) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      const again = this.#reading.get(id);
      this.#reading.delete(id);
      if (again) await this.wake(id);
    }
  }

  /** @returns how many of its messages were known before */
  async #look(id: string): Promise<number> {
    const owned = this.#owned.get(id);
    if (!owned) {
      // It is about to be taken up, and its messages may have been read already.
      if (this.#claiming.has(id)) this.#missed.add(id);
      return 0;
    }
    const messages = await this.#options.parts.storage.executions.messages(id);
    const fresh = owned.inbox.take(messages);
    if (fresh > 0) owned.execution.wake();
    return messages.length - fresh;
  }

  /** Looks for messages that no hint told of. */
  async wakeAll(): Promise<void> {
    const { storage, workerId } = this.#options.parts;
    if (this.#owned.size === 0) return;
    for (const owned of this.#owned.values()) {
      // Held all the same while another queue has a step of it: nobody but this worker sees when its task is lost.
      if (owned.inbox.expectant()) this.#follow(owned.id, owned.execution.waits());
    }
    for (const id of await storage.executions.mail(workerId)) await this.wake(id);
  }

  /** Starts nothing new, gives what runs the grace period to end, and hands everything back. */
  async close(gracePeriod: number): Promise<void> {
    this.#closing = true;
    const { clock } = this.#options.parts;
    const owned = this.#owned.values();
    for (const { execution } of owned) execution.handBack();
    const all = Promise.all(owned.map(({ done }) => done));
    const late = Promise.withResolvers<void>();
    const clear = clock.setTimer(clock.now() + gracePeriod, late.resolve, { elapsed: true });
    await Promise.race([all, late.promise]);
    clear();
    this.#givenUp = true;
    this.#handOut.close();
    for (const { execution } of this.#owned.values()) execution.abandon(new Error('The worker was closed.'));
    // Whatever it still owns is ready for others from now on; what is recorded of it stays.
    await this.#lease.close();
  }

  /** @returns undefined when this process closes: its lease ends, and others take it up */
  async #takeUp(record: Claimed): Promise<Owned | undefined> {
    const { parts, cache, sealer } = this.#options;
    const { id, epoch, origin } = record;
    const { executions } = parts.storage;
    const [history, messages, workflow] = await Promise.all([
      record.history ?? readHistory(executions, id),
      record.inbox ?? executions.messages(id),
      cache.get(record.document),
    ]);
    if (this.#closing) return undefined;
    const resumption = toResumption(workflow, record, history, sealer);
    const given = origin ? { origin } : {};
    const owned = this.#launch(workflow, { id, epoch, history, messages, ...resumption, ...given });
    // When that fails, `#lost` is told as well.
    await owned.execution.begin().catch(() => {});
    if (this.#closing) owned.execution.handBack();
    return owned;
  }

  #launch(workflow: Workflow, beginning: Beginning): Owned {
    const { parts, dispatcher, startChild, signal, cancel } = this.#options;
    const { id, epoch, parameters, redactor = createRedactor(), origin, trigger, history } = beginning;
    const {
      queue,
      worker: { unified, lease },
    } = parts.settings;
    const done = Promise.withResolvers<void>();
    const relatives = new DurableRelatives({
      id,
      depth: origin?.depth ?? 0,
      redactor,
      start: startChild,
      ...{ signal, cancel },
    });
    const linger = new Linger(parts.clock, () => launched.execution.wake());
    const { attached } = relatives;
    let told: Message[] = [];
    const journal = createLeasedJournal({
      ...{ id, epoch, origin, parkAfter, worker: parts.workerId, store: parts.storage.executions },
      // A queue in this process is served here: letting go of the execution would only cost writes.
      lookForTasks: queue.backend === 'memory' && unified ? undefined : lease,
      ...{ clock: parts.clock, logger: parts.logger },
      // Whoever has it from the beginning knows all of them.
      children: () =>
        history && history.length > 1
          ? patiently(
              async () => [...attached.keys(), ...(await attachedChildren(parts.storage.executions, id))],
              { clock: parts.clock, closed: () => this.#givenUp },
            )
          : attached.keys(),
      stale: () => inbox.stale(),
      // Not where it would take the place of one that can go on.
      expectant: () => inbox.expectant() || (this.hasRoom && linger.lasts),
      closed: () => this.#givenUp,
      recording: ({ events }) => {
        const waits = waitsIn(events);
        if (!waits.some(({ wait }) => wait.kind === 'child')) return undefined;
        return this.#lookAfter(owned, waits).then((sent) => {
          told = sent;
        });
      },
      recorded: ({ events, park, summary }, woken) => {
        if (told.length > 0 && inbox.take(told.splice(0)) > 0) launched.execution.wake();
        if (park?.wake_at) this.#options.expect(Date.parse(park.wake_at));
        this.#follow(id, waitsIn(events));
        if (inbox.retry()) launched.execution.wake();
        const { status, completed_at } = summary;
        if (woken.length > 0) void dispatcher.wake(woken, completed_at !== undefined && status !== 'success');
      },
    });
    const launched = launch(parts.host, workflow, parameters, {
      ...{ id, redactor, journal, relatives },
      ...(history ? { history } : {}),
      ...(trigger === undefined ? {} : { trigger }),
      elsewhere: (step) => this.#elsewhere(step),
      ended: (how, error) => {
        if (this.#owned.get(id) === owned) this.#owned.delete(id);
        this.#ends.tell(id, () => (how === 'completed' ? owned.execution.snapshot() : undefined));
        this.#lease.letGo();
        done.resolve();
        if (how === 'abandoned') this.#lost(id, error);
      },
    });
    const inbox = new Inbox(launched.execution, launched.payload, {
      reported: () => linger.heard(),
      childEnded: (child) => relatives.attached.delete(child),
      refused: (message, error) => {
        const text = 'A message to an execution cannot be taken in, and is dropped.';
        parts.logger.log('error', text, {
          execution_id: id,
          message,
          error: launched.payload.text(String(error)),
        });
      },
    });
    const owned: Owned = { ...launched, id, epoch, inbox, relatives, done: done.promise };
    this.#owned.set(id, owned);
    this.#lease.hold();
    // A new one has neither messages nor waits.
    if (!history) return owned;
    const { messages = [] } = beginning;
    inbox.take(messages);
    const reported = messages.flatMap(({ body }) => reportedTask(body as unknown as MessageBody));
    this.#follow(id, waitsOfResumed(launched, reported));
    return owned;
  }

  /** Where the settings let steps with a queue of their own run. */
  #elsewhere(step: Step): ReturnType<NonNullable<Parameters<typeof launch>[3]['elsewhere']>> {
    if (step.queue === undefined) return undefined;
    return { kind: 'task', queue: step.queue, task_id: this.#options.parts.ids.next() };
  }

  /** Gives out the tasks for other queues. */
  #follow(id: string, waits: readonly Waiting[]): void {
    for (const { ref, wait } of waits) {
      if (wait.kind !== 'task') continue;
      const payload: StepTask = { execution_id: id, task_id: wait.task_id, ...ref };
      const task = { name: stepTask, payload: payload as never };
      const { task_id } = wait;
      const wanted = (): boolean => {
        const current = this.#owned.get(id)?.execution.waitOf(ref);
        return current?.kind === 'task' && current.task_id === task_id;
      };
      void this.#handOut.add(wait.queue, { task, options: { dedupe: task_id }, wanted });
    }
  }

  /**
   * Tells runs that begin to wait for a child of which they would hear nothing. Sent before their wait is recorded: after a crash
   * in between it is there all the same.
   *
   * @returns the messages that were sent
   */
  async #lookAfter(
    { id, execution, inbox, relatives }: Owned,
    waits: readonly Waiting[],
  ): Promise<Message[]> {
    const { clock, storage } = this.#options.parts;
    const { executions } = storage;
    const sent: Message[] = [];
    for (const { ref, wait } of waits) {
      if (wait.kind !== 'child' || inbox.holds(endMessage(wait.execution_id))) continue;
      const child = wait.execution_id;
      const starter = relatives.attached.get(child);
      if (starter?.step_id === ref.step_id && starter.index === ref.index) continue;
      const round = execution.roundOf(ref) ?? '';
      const closed = (): boolean => this.#givenUp;
      const told = await patiently(() => untold(executions, id, { ref, round, child }), { clock, closed });
      if (!told) relatives.attached.set(child, ref);
      else if (await patiently(() => this.#send(told), { clock, closed })) sent.push(told);
    }
    return sent;
  }

  /** @returns false when there is no room, which there may not be before what is handled is recorded: it is sent later */
  async #send(message: Message): Promise<boolean> {
    const { clock, storage } = this.#options.parts;
    try {
      await storage.executions.post(message);
      return true;
    } catch (error) {
      if (!hasCode(error, 'INBOX_FULL') && !hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    }
    const later = (): Promise<Woken> => storage.executions.post(message);
    clock.setTimer(clock.now() + 1, () => {
      patiently(later, { clock, closed: () => this.#closing }).then(
        (woken) => this.#options.dispatcher.wake([woken]),
        () => {},
      );
    });
    return false;
  }

  /** It could not go on here. Unless someone else has it already, it must not stay with a worker that does nothing for it. */
  #lost(id: string, error: unknown): void {
    if (this.#givenUp || hasCode(error, 'ALREADY_EXISTS')) return;
    const { logger } = this.#options.parts;
    const fenced = hasCode(error, 'FENCED');
    const message = fenced
      ? 'Another worker has taken over an execution.'
      : 'The work on an execution had to be given up; it is taken up again.';
    logger.log(fenced ? 'warn' : 'error', message, { execution_id: id, error: String(error) });
    if (!fenced) this.#giveBack(id, error);
  }

  /** What failed for a reason that does not pass by itself would fail again at once. */
  #giveBack(id: string, error: unknown): void {
    const delay = isPassing(error) ? 0 : unableFor;
    if (delay > 0) this.#unable.set(id, this.#options.parts.clock.now() + delay);
    this.#disown(id, delay, delay > 0 ? String(error) : undefined);
  }

  /** Messages make it ready before its time, and others may be able to: this worker waits all the same. */
  #isUnable(id: string): boolean {
    const now = this.#options.parts.clock.now();
    for (const [known, until] of this.#unable) {
      if (until > now && until <= now + unableFor) break;
      this.#unable.delete(known);
    }
    return this.#unable.has(id);
  }

  /**
   * Hands back what this worker owns and does not work on, however long that takes: nobody else would take it up for as long as this
   * process lives.
   *
   * @param delay - until it may be taken up again, in milliseconds
   * @param why - it cannot be taken up here
   */
  #disown(id: string, delay: number, why?: string): void {
    const { clock, logger } = this.#options.parts;
    patiently(() => this.#release(id, delay, why), { clock, closed: () => this.#closing }).catch(
      (error: unknown) => {
        if (this.#closing) return;
        logger.log('error', 'An execution could not be handed back.', {
          execution_id: id,
          error: String(error),
        });
      },
    );
  }

  get #ending(): EndOptions {
    const { parts, dispatcher } = this.#options;
    return { parts, wake: (woken) => dispatcher.wake(woken, true) };
  }

  async #release(id: string, delay: number, why: string | undefined): Promise<void> {
    const { storage, workerId, clock } = this.#options.parts;
    const record = await storage.executions.get(id);
    if (record?.owner !== workerId || this.#owned.has(id) || this.#claiming.has(id)) return;
    // Whoever cancelled it need not wait for somebody who can take it up.
    if (why !== undefined && (await endUnworked(record, this.#ending, why))) return;
    const { workflow_id, workflow_version, status, started_at, seq, epoch } = record;
    const at = clock.now() + delay;
    this.#options.expect(at);
    const woken = await storage.executions.append({
      summary: { id, workflow_id, workflow_version, status, started_at },
      ...{ expected_seq: seq, epoch, events: [], owner: null, wake_at: new Date(at).toISOString() },
    });
    await this.#options.dispatcher.wake(woken);
  }
}

function toRef({ step_id, index }: { step_id: string; index?: number }): { step_id: string; index?: number } {
  return index === undefined ? { step_id } : { step_id, index };
}

interface Waiting {
  readonly ref: RunRef;
  readonly wait: Wait;
}

const none: Waiting[] = [];

function waitsIn(events: readonly StoredEvent[]): Waiting[] {
  let waits = none;
  for (const event of events) {
    if (event.event !== 'step_waiting') continue;
    if (waits === none) waits = [];
    waits.push({ ref: toRef(event), wait: event.wait });
  }
  return waits;
}

/** What an execution that is taken up waits for, but for tasks that are done: their reports are about to be taken in. */
function waitsOfResumed({ execution }: Active, reported: readonly string[]): Waiting[] {
  return execution.waits().filter(({ wait }) => wait.kind !== 'task' || !reported.includes(wait.task_id));
}

function reportedTask(body: MessageBody): string[] {
  return body.type === 'report' ? [body.task_id] : [];
}
