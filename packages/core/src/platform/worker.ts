import { permanent } from '../engine/permanent.ts';
import type { Workflow } from '../engine/workflow.ts';
import { VwmpError } from '../errors.ts';
import type { Claimed } from '../ports/execution-store.ts';
import { ChildWatch } from './child-watch.ts';
import { type EndOptions, endWaiting } from './end-unworked.ts';
import { type EndListener, Ends } from './ends.ts';
import { GivingBack } from './giving-back.ts';
import { readHistory, toResumption } from './history.ts';
import { type Beginning, launchOwned, type Owned, type Owner, type OwnerParts } from './launch-owned.ts';
import { Lease } from './lease.ts';
import { Line } from './line.ts';
import { Mail } from './mail.ts';
import type { Sealer } from './seal.ts';
import { StepTasks } from './step-tasks.ts';
import { TurnoverMap } from './turnover-map.ts';
import type { WorkflowCache } from './workflow-cache.ts';

export interface WorkerOptions extends OwnerParts {
  readonly cache: WorkflowCache;
  readonly sealer: Sealer;
}

/** Owns executions and works on them until they end, park or have to be handed back. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #lease: Lease;
  readonly #owner: Owner;
  readonly #owned = new TurnoverMap<string, Owned>();
  readonly #ends = new Ends();
  readonly #claiming = new Set<string>();
  readonly #mail: Mail;
  readonly #ending: EndOptions;
  readonly #givingBack: GivingBack;
  readonly #line: Line;
  #beginning = 0;
  #closing = false;
  #givenUp = false;
  /** Nothing belongs to this process any more. */
  readonly #retired = Promise.withResolvers<void>();

  constructor(options: WorkerOptions) {
    const { parts, dispatcher, expect } = options;
    const { storage, workerId: worker, clock, logger, settings } = parts;
    const { executions } = storage;
    const closing = (): boolean => this.#closing;
    const givenUp = (): boolean => this.#givenUp;
    const find = (id: string): Owned | undefined => this.#owned.get(id);
    const claims = (id: string): boolean => this.#claiming.has(id);
    this.#options = options;
    this.#line = new Line({
      most: settings.worker.concurrency,
      taken: () => this.#owned.size + this.#beginning + this.#claiming.size,
    });
    this.#lease = new Lease({ store: executions, worker, ttl: settings.worker.lease, clock, logger });
    this.#mail = new Mail({ executions, find, claims });
    this.#ending = { parts, wake: (woken) => dispatcher.wake(woken, true) };
    this.#givingBack = new GivingBack({
      ...{ parts, dispatcher, ending: this.#ending, expect, closing },
      holds: (id) => this.#owned.has(id) || claims(id),
    });
    this.#owner = {
      ...options,
      givenUp,
      givingBack: this.#givingBack,
      stepTasks: new StepTasks({
        ...{ dispatcher, queue: parts.queue, ids: parts.ids, clock },
        find: (id) => find(id)?.execution,
      }),
      childWatch: new ChildWatch({
        ...{ executions, clock, closing, givenUp },
        wake: (woken) => dispatcher.wake(woken),
      }),
      hasRoom: () => this.hasRoom,
      own: (owned) => {
        this.#owned.set(owned.id, owned);
        this.#lease.hold();
      },
      disown: (owned, how) => {
        const { id, execution } = owned;
        if (this.#owned.get(id) === owned) this.#owned.delete(id);
        this.#line.move();
        this.#ends.tell(id, () => (how === 'completed' ? execution.snapshot() : undefined));
        this.#lease.letGo();
      },
    };
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
    const owned = launchOwned(this.#owner, workflow, { ...beginning, epoch: 1 });
    await owned.execution.begin();
  }

  /**
   * Takes up an execution if it is ready, once there is a place for it, and resolves when this process is done with what it took up.
   * Never rejects.
   *
   * @param urgent - does not wait for a place
   */
  async run(id: string, urgent = false): Promise<void> {
    const { storage, workerId, clock, logger, settings } = this.#options.parts;
    const { queue } = settings;
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
      this.#passOn(id, known);
      // To wait for it would keep the queue from giving out others, for as long as it is worked on.
      return queue.sync ? known?.done : undefined;
    }
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
    // It may have been let go of already.
    if (missed) await (this.find(id) ? this.wake(id).catch(() => {}) : this.#options.dispatcher.ready(id));
    await owned?.done;
    this.#passOn(id, owned);
  }

  /** When it was told of something that others have to do, as it closes, nobody else tells them. */
  #passOn(id: string, owned: Owned | undefined): void {
    if (this.#closing && (!owned || this.#givenUp))
      void this.#retired.promise.then(() => this.#options.dispatcher.ready(id));
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
    this.#owner.stepTasks.close();
    for (const { execution } of this.#owned.values()) execution.abandon(new Error('The worker was closed.'));
    // Whatever it still owns is ready for others from now on; what is recorded of it stays.
    await this.#lease.close().finally(this.#retired.resolve);
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
    const owned = launchOwned(this.#owner, workflow, {
      id,
      epoch,
      history,
      messages,
      ...resumption,
      ...(origin && { origin }),
    });
    // When that fails, `ended` is told as well.
    await owned.execution.begin().catch(() => {});
    if (this.#closing) owned.execution.handBack();
    return owned;
  }
}
