import { type Active, launch } from '../engine/launch.ts';
import type { BoundParameters } from '../engine/parameters.ts';
import { permanent } from '../engine/permanent.ts';
import type { Workflow } from '../engine/workflow.ts';
import { VwmpError } from '../errors.ts';
import type { StoredEvent } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import type { Claimed, Message, Origin } from '../ports/execution-store.ts';
import { createRedactor, type Redactor } from '../values/index.ts';
import { attachedChildren } from './attached-children.ts';
import { ChildWatch } from './child-watch.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type EndOptions, endWaiting } from './end-unworked.ts';
import { type EndListener, Ends } from './ends.ts';
import { GivingBack } from './giving-back.ts';
import { readHistory, toResumption } from './history.ts';
import { Inbox } from './inbox.ts';
import { createLeasedJournal } from './journal.ts';
import { Lease } from './lease.ts';
import { Line } from './line.ts';
import { Linger } from './linger.ts';
import { Mail } from './mail.ts';
import type { PlatformParts } from './parts.ts';
import { patiently } from './patience.ts';
import { DurableRelatives, type RelativesOptions } from './relatives.ts';
import type { Sealer } from './seal.ts';
import { StepTasks } from './step-tasks.ts';
import { TurnoverMap } from './turnover-map.ts';
import { lastTask, waitsIn, waitsOfResumed } from './waits.ts';
import type { WorkflowCache } from './workflow-cache.ts';

/** Shorter waits are not worth letting go of the execution, in milliseconds. */
const parkAfter = 1000;

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
  readonly #stepTasks: StepTasks;
  readonly #owned = new TurnoverMap<string, Owned>();
  readonly #ends = new Ends();
  readonly #claiming = new Set<string>();
  readonly #mail: Mail;
  readonly #ending: EndOptions;
  readonly #givingBack: GivingBack;
  readonly #childWatch: ChildWatch;
  readonly #line: Line;
  #beginning = 0;
  #closing = false;
  #givenUp = false;

  constructor(options: WorkerOptions) {
    const { parts, dispatcher } = options;
    const { storage, workerId: worker, clock, logger, settings } = parts;
    const { executions } = storage;
    this.#options = options;
    this.#line = new Line({
      most: settings.worker.concurrency,
      taken: () => this.#owned.size + this.#beginning + this.#claiming.size,
    });
    this.#stepTasks = new StepTasks({
      ...{ dispatcher, queue: parts.queue, ids: parts.ids, clock },
      find: (id) => this.#owned.get(id)?.execution,
    });
    this.#lease = new Lease({ store: executions, worker, ttl: settings.worker.lease, clock, logger });
    this.#mail = new Mail({
      executions,
      find: (id) => this.#owned.get(id),
      claims: (id) => this.#claiming.has(id),
    });
    this.#ending = {
      parts,
      wake: (woken) => dispatcher.wake(woken, true),
    };
    this.#givingBack = new GivingBack({
      ...{ parts, dispatcher, ending: this.#ending },
      holds: (id) => this.#owned.has(id) || this.#claiming.has(id),
      closing: () => this.#closing,
      expect: options.expect,
    });
    this.#childWatch = new ChildWatch({
      ...{ executions, clock },
      wake: (woken) => dispatcher.wake(woken),
      closing: () => this.#closing,
      givenUp: () => this.#givenUp,
    });
  }

  get size(): number {
    return this.#owned.size;
  }

  /** True when it may take on one more without being asked to by a queue. */
  get hasRoom(): boolean {
    return !this.#closing && this.#line.hasRoom;
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
      await renewed.finally(() => {
        this.#beginning--;
        this.#line.move();
      });
    }
    const { id } = beginning;
    if (this.#closing)
      throw new VwmpError('ENGINE_CLOSED', `Execution "${id}" was not started: the worker closes.`);
    // The one that is there must go on being found here.
    if (this.#owned.has(id) || this.#claiming.has(id)) {
      const message = `The execution "${id}" is there already. Read it, or choose another id.`;
      throw permanent('ALREADY_EXISTS', message, { execution_id: id });
    }
    const owned = this.#launch(workflow, { ...beginning, epoch: 1 });
    await owned.execution.begin();
  }

  /**
   * Takes up an execution if it is ready, once there is a place for it, and resolves when this process is done with what it took up.
   * Never rejects.
   *
   * @param urgent - does not wait for a place
   */
  async run(id: string, urgent = false): Promise<void> {
    const { queue } = this.#options.parts.settings;
    // Where whoever starts one waits for it, that may be one that has a place.
    if (!this.#owned.has(id) && !urgent && !queue.sync && !this.#closing && !this.#line.hasRoom) {
      await this.#line.wait();
      this.#line.enter();
    }
    const known = this.#owned.get(id);
    if (known || this.#closing || this.#claiming.has(id) || this.#givingBack.isUnable(id)) {
      this.#line.move();
      // It may be ready again before this process knows that it has let go of it, or that there was nothing to claim.
      known?.execution.wake();
      this.#mail.miss(id);
      // To wait for it would keep the queue from giving out others, for as long as it is worked on.
      return queue.sync ? known?.done : undefined;
    }
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
      this.#givingBack.give(id, error);
    } finally {
      this.#claiming.delete(id);
      missed = this.#mail.missed(id);
      this.#line.move();
    }
    if (missed) await (owned ? this.wake(id).catch(() => {}) : this.#options.dispatcher.ready(id));
    await owned?.done;
  }

  /** Looks for messages to an execution that it owns. */
  wake(id: string): Promise<void> {
    return this.#mail.look(id);
  }

  /** Looks for messages that no hint told of. */
  async wakeAll(): Promise<void> {
    const { storage, workerId } = this.#options.parts;
    if (this.#owned.size === 0) return;
    for (const id of await storage.executions.mail(workerId)) await this.wake(id);
  }

  /** Starts nothing new, gives what runs the grace period to end, and hands everything back. */
  async close(gracePeriod: number): Promise<void> {
    this.#closing = true;
    this.#line.dissolve();
    const { clock } = this.#options.parts;
    const owned = this.#owned.values();
    for (const { execution } of owned) execution.handBack();
    const all = Promise.all(owned.map(({ done }) => done));
    const late = Promise.withResolvers<void>();
    const clear = clock.setTimer(clock.now() + gracePeriod, late.resolve, { elapsed: true });
    await Promise.race([all, late.promise]);
    clear();
    this.#givenUp = true;
    this.#stepTasks.close();
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
    // When that fails, `ended` is told as well.
    await owned.execution.begin().catch(() => {});
    if (this.#closing) owned.execution.handBack();
    return owned;
  }

  #launch(workflow: Workflow, beginning: Beginning): Owned {
    const { parts, dispatcher, startChild, signal, cancel } = this.#options;
    const { id, epoch, parameters, redactor = createRedactor(), origin, trigger, history } = beginning;
    const { clock, logger, unrecorded, workerId: worker } = parts;
    const { executions: store } = parts.storage;
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
      ...{ store, signal, cancel },
    });
    const linger = new Linger(clock, () => launched.execution.wake());
    const { attached } = relatives;
    let told: Message[] = [];
    let accepted = history !== undefined;
    const journal = createLeasedJournal({
      ...{ id, epoch, origin, parkAfter, worker, store, clock, logger, unrecorded },
      lookForTasks: lease,
      // Whoever has it from the beginning knows all of them.
      children: () =>
        history && history.length > 1
          ? patiently(async () => [...attached.keys(), ...(await attachedChildren(store, id))], {
              clock,
              closed: () => this.#givenUp,
            })
          : attached.keys(),
      early: () => inbox.early(),
      // Not where it would take the place of one that can go on.
      // A queue in this process is served here: a task that is soon done is not worth the writes.
      expectant: () =>
        inbox.expectant() ||
        (this.hasRoom && linger.lasts) ||
        (queue.backend === 'memory' && unified && linger.lastsFrom(lastTask(launched), parkAfter)),
      closed: () => this.#givenUp,
      recording: ({ events }) => {
        const waits = waitsIn(events);
        if (!waits.some(({ wait }) => wait.kind === 'child')) return undefined;
        return this.#childWatch.tell(owned, waits).then((sent) => {
          told = sent;
        });
      },
      recorded: ({ events, park, summary }, woken) => {
        accepted = true;
        if (told.length > 0 && inbox.take(told.splice(0)) > 0) launched.execution.wake();
        if (park?.wake_at) this.#options.expect(Date.parse(park.wake_at));
        this.#stepTasks.handOut(id, waitsIn(events), true);
        if (inbox.retry()) launched.execution.wake();
        const { status, completed_at } = summary;
        if (woken.length > 0) void dispatcher.wake(woken, completed_at !== undefined && status !== 'success');
      },
    });
    const launched = launch(parts.host, workflow, parameters, {
      ...{ id, redactor, journal, relatives },
      ...(history ? { history } : {}),
      ...(trigger === undefined ? {} : { trigger }),
      elsewhere: this.#stepTasks,
      ended: (how, error) => {
        if (this.#owned.get(id) === owned) this.#owned.delete(id);
        this.#line.move();
        this.#ends.tell(id, () => (how === 'completed' ? owned.execution.snapshot() : undefined));
        this.#lease.letGo();
        done.resolve();
        if (how === 'abandoned' && !this.#givenUp) this.#givingBack.lost(id, error, accepted);
        if (how === 'parked' && launched.execution.woken) void dispatcher.ready(id);
      },
    });
    const inbox = new Inbox(launched.execution, launched.payload, {
      reported: () => linger.heard(),
      childEnded: (child) => relatives.attached.delete(child),
      refused: (message, error) => {
        const text = 'A message to an execution cannot be taken in, and is dropped.';
        logger.log('error', text, {
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
    this.#stepTasks.handOut(id, waitsOfResumed(launched, messages));
    return owned;
  }
}
