import { createMemoryStorage } from '../../../adapters/memory/index.ts';
import { VwmpError } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ExecutionStore } from '../../../ports/execution-store.ts';
import type { ScheduleStore } from '../../../ports/schedule-store.ts';
import type { Storage } from '../../../ports/storage.ts';
import type { WorkflowStore } from '../../../ports/workflow-store.ts';
import { createScheduler, type Scheduler } from '../scheduler.ts';
import { endIn, parse, startIn } from './site.ts';

/** What a node has asked for and has not been answered. */
interface Call {
  node: Node;
  /** Whether it may fail as a lost connection does. */
  run(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Node {
  /** How far its clock is off, in milliseconds. */
  skew: number;
  scheduler?: Scheduler;
}

interface Timer {
  node: Node;
  at: number;
  callback: () => void;
}

/** How a call is answered. `lost` and `dies…` leave the caller in doubt, or kill it. */
export type Answer = 'works' | 'fails' | 'lost' | 'diesBefore' | 'diesAfter';

/**
 * Several schedulers on the same stores. Nothing that one of them asks for happens by itself: a test says whose call goes
 * next, whether it fails, or whether the node that made it dies before or after, and when time passes.
 */
export class Nodes {
  readonly storage: Storage;
  /** True time; nodes see it with their skew. */
  now: number;
  /** Executions in the order in which they were created, by key. */
  readonly created: Map<string, string> = new Map();
  /** Keys whose execution began while another one of the same schedule ran. */
  readonly overlapped: string[] = [];
  readonly #calls: Call[] = [];
  readonly #timers = new Set<Timer>();
  readonly #nodes: Node[] = [];
  readonly #active = new Map<string, string>();

  constructor(iso: string) {
    this.now = Date.parse(iso);
    this.storage = createMemoryStorage({ clock: { now: () => this.now }, maxVersions: 2 });
  }

  get waiting(): number {
    return this.#calls.length;
  }

  async add(skew: number): Promise<void> {
    const node: Node = { skew };
    this.#nodes.push(node);
    const { workflows, schedules, executions } = this.storage;
    const clock: Clock = {
      now: () => this.now + node.skew,
      setTimer: (at, callback) => {
        const timer = { node, at: at - node.skew, callback };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    };
    node.scheduler = createScheduler({
      workflows: this.#slow<WorkflowStore>(node, workflows),
      schedules: this.#slow<ScheduleStore>(node, schedules),
      executions: this.#slow<ExecutionStore>(node, executions),
      ...{ clock, parse, logger: { log: () => {} } },
      start: (workflowId, _, options) =>
        this.#ask(node, async () => {
          const key = options.idempotencyKey;
          const id = `x${this.created.size + 1}`;
          const started = await startIn(this.storage, id, this.now, workflowId, options);
          if (started.created) {
            const schedule = key.slice(0, key.indexOf(':', 'schedule:'.length));
            if ([...this.#active.values()].includes(schedule)) this.overlapped.push(key);
            this.created.set(key, id);
            this.#active.set(id, schedule);
          }
          return started;
        }),
    });
    await node.scheduler.open();
  }

  /** Saves a workflow; then one of the nodes is told. */
  async save(id: string, text: string, which: number): Promise<void> {
    const { workflows } = this.storage;
    const before = await workflows.get(id);
    await workflows.save({ id, name: id, type: 'generic', version: '1.0.0', text }, before?.rev);
    const { scheduler } = this.#nodes[which % this.#nodes.length] ?? {};
    // It may fail, or die meanwhile: the document is what counts.
    scheduler?.sync(id).catch(() => {});
    await turn();
  }

  /** Answers one of the calls that wait. */
  async answer(which: number, how: Answer): Promise<void> {
    const index = which % this.#calls.length;
    const [call] = this.#calls.splice(index, 1) as [Call];
    const unavailable = new VwmpError('STORE_UNAVAILABLE', 'The connection was lost.');
    if (how === 'fails') call.reject(unavailable);
    else if (how === 'diesBefore') await this.#kill(call.node);
    else {
      const outcome = call.run();
      if (how === 'works') await outcome.then(call.resolve, call.reject);
      else {
        await outcome.catch(() => {});
        if (how === 'lost') call.reject(unavailable);
        else await this.#kill(call.node);
      }
    }
    await turn();
  }

  /** Lets time pass, and timers fire that are due by then. */
  async pass(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.now || !this.#timers.delete(timer)) continue;
      timer.callback();
      await turn();
    }
  }

  /** Ends one of the executions that run. */
  async end(which: number): Promise<void> {
    const ids = [...this.#active.keys()];
    if (ids.length === 0) return;
    const id = ids[which % ids.length]!;
    this.#active.delete(id);
    await endIn(this.storage, id, this.now);
  }

  /** Answers everything, as it comes, until nobody asks for anything and no time has come. */
  async drain(): Promise<void> {
    for (let idle = 0; idle < 3; idle++) {
      await turn();
      while (this.#calls.length > 0) {
        idle = 0;
        await this.answer(0, 'works');
      }
    }
  }

  /** A node that dies is replaced: its calls are never answered, its timers never fire. */
  async #kill(node: Node): Promise<void> {
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
    for (const timer of [...this.#timers]) if (timer.node === node) this.#timers.delete(timer);
    const left = this.#calls.filter((call) => call.node !== node);
    this.#calls.splice(0, this.#calls.length, ...left);
    await this.add(node.skew);
  }

  #ask<T>(node: Node, run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // What a dead node still wants does not happen.
      if (!this.#nodes.includes(node)) return;
      this.#calls.push({ node, run, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #slow<T extends object>(node: Node, store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => this.#ask(node, () => method.apply(target, given));
      },
    });
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function turn(): Promise<void> {
  for (let round = 0; round < 4; round++) await new Promise((resolve) => setImmediate(resolve));
}
