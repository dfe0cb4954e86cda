import {
  defineHandler,
  definePlugin,
  type ErrorCode,
  type Execute,
  type HandlerContext,
  hasCode,
  type JsonValue,
  type Plugin,
  suspend,
  VwmpError,
} from '@vwmp/core';
import { compileDefinition, evolve, initialState, roundOf } from '@vwmp/core/machine';
import type { Platform } from '@vwmp/core/platform';
import type { ExecutionStore } from '@vwmp/core/ports';
import { Type } from '@vwmp/core/schema';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { isSettlement } from './cases.ts';
import { overlay, withExecutions } from './freezing-storage.ts';
import { createMemoryPlace, type MemoryPlace, openOver, save, shared } from './memory-place.ts';
import { eventsOf, idsOf } from './read.ts';
import { settle } from './settle.ts';
import { children, type Document } from './stored-documents.ts';

/** Something that happens while executions are worked on. */
export interface Happening {
  readonly what:
    | 'nothing'
    | 'crash'
    | 'silence'
    | 'close'
    | 'start'
    | 'attend'
    | 'cancel'
    | 'gentle'
    | 'remove';
  /** Milliseconds before it. */
  readonly after: number;
  /** Chooses the platform, or the execution. */
  readonly n: number;
  /** Whether the append in which a process dies is carried out. */
  readonly recorded: boolean;
}

/** What is done with a document. */
export interface Plan {
  readonly starts: number;
  readonly happenings: readonly Happening[];
  readonly retry?: { readonly from: number | undefined; readonly corrected: boolean } | undefined;
  /** Accepted by a process that does not work itself. */
  readonly front: boolean;
  /** One queue for all processes. None of them dies then, as it would not give out again what that had. */
  readonly sharedQueue: boolean;
  /** How many executions, and how many steps of each other queue, a process works on at a time. @defaultValue as by the settings */
  readonly concurrency?: number | undefined;
}

interface Member {
  readonly platform: Platform;
  readonly life: Life;
  readonly works: boolean;
}

/** Of a process. */
interface Life {
  dead: boolean;
  /** Its heartbeats do not come through. */
  silent: boolean;
  leaving: boolean;
  /** It dies in the append after so many others. */
  appends: number;
  recorded: boolean;
}

const never = new Promise<never>(() => {});
const open = { status: ['pending', 'running', 'waiting'], limit: 500 } as const;

/** Some platforms over one memory, that die and close, and somebody who starts executions, and answers them. */
export class World {
  readonly place: MemoryPlace = createMemoryPlace();
  readonly members: Member[] = [];
  /** What must not be. */
  readonly faults: string[] = [];
  /** Ids by the number of the start; `undefined` for one that was refused. */
  readonly accepted: Map<number, string | undefined> = new Map();
  /** Naps that nobody has ended yet. */
  naps = 0;
  readonly #queue: ReturnType<typeof createMemoryQueue> | undefined;

  /** Children that are waited for last, by those that are waited for first. */
  readonly #pairs = new Map<string, string>();
  readonly #worker: { concurrency?: number };

  constructor({ sharedQueue = false, concurrency }: Partial<Plan> = {}) {
    this.#worker = concurrency === undefined ? {} : { concurrency };
    if (sharedQueue) this.#queue = shared(createMemoryQueue({ clock: this.place.clock }));
  }

  async open(works = true): Promise<void> {
    const life: Life = { dead: false, silent: false, leaving: false, appends: 0, recorded: false };
    const platform = await openOver(this.place, {
      storage: shared(withExecutions(this.place.storage, this.#mortal(life))),
      plugins: [this.#plugin(life)],
      worker: { inProcess: works, ...this.#worker },
      ...(this.#queue && { queue: this.#queue, queueBackend: 'redis' }),
      logger: {
        log: (level, ...line) => {
          if (level === 'error' && !life.dead) this.faults.push(JSON.stringify(line));
        },
      },
    });
    this.members.push({ platform, life, works });
  }

  /** Those that are well. */
  get well(): Member[] {
    return this.members.filter(({ life }) => !life.dead && !life.silent && !life.leaving);
  }

  async run(document: Document, { starts, happenings, retry, front }: Plan): Promise<void> {
    for (const child of children) await save(this.place, child);
    await this.open(!front);
    for (let n = 0; n < starts; n++) this.#start(document, n);
    for (const happening of happenings) {
      await this.place.clock.advance(happening.after);
      await this.#happen(happening, document, starts);
      await settle();
    }
    await this.#end(document, starts);
    const id = this.accepted.get(0);
    if (!retry || id === undefined) return;
    const from =
      retry.from === undefined ? {} : { from: document.steps[retry.from % document.steps.length]!.id };
    const workflow = retry.corrected ? { workflow: corrected(document) } : {};
    await this.well[0]!.platform.retry(id, { ...from, ...workflow }).then(
      ({ execution_id }) => this.accepted.set(starts, execution_id),
      (error: unknown) => this.#unless(error, 'RETRY_INVALID', 'CONCURRENCY_LIMIT'),
    );
    await this.#end(document, starts);
  }

  #start(document: Document, n: number): void {
    const { platform } = this.well[n % this.well.length]!;
    platform.start(document, {}, { idempotencyKey: `start ${n}`, priority: n }).then(
      ({ execution_id: id }) => {
        if ((this.accepted.get(n) ?? id) !== id) this.faults.push(`The start ${n} was accepted twice.`);
        this.accepted.set(n, id);
      },
      (error: unknown) => {
        if (hasCode(error, 'CONCURRENCY_LIMIT')) this.accepted.set(n, undefined);
        else this.#unless(error, 'ENGINE_CLOSED');
      },
    );
  }

  async #happen({ what, n, recorded }: Happening, document: Document, starts: number): Promise<void> {
    const { life, platform } = this.well[n % this.well.length]!;
    const ids = await idsOf(this.place.storage);
    const over = (error: unknown) => this.#unless(error, 'EXECUTION_NOT_ACTIVE', 'ENGINE_CLOSED');
    switch (what) {
      case 'crash':
        if (!this.#queue) Object.assign(life, { appends: 1 + (n % 7), recorded });
        break;
      case 'silence':
        if (!this.#queue) life.silent = true;
        break;
      case 'close':
        life.leaving = true;
        platform.close().catch((error: unknown) => this.#unless(error));
        break;
      case 'start':
        return this.#start(document, n % starts);
      case 'attend':
        return this.#attend();
      case 'cancel':
      case 'gentle':
        if (ids.length > 0)
          platform.cancel(ids[n % ids.length]!, 'Enough.', { gentle: what === 'gentle' }).catch(over);
        return;
      case 'remove': {
        const record = await this.place.storage.workflows.get('c-sleep');
        if (record) await this.place.storage.workflows.remove(record.id, record.rev);
        return;
      }
    }
    await this.open();
  }

  /** Goes on until everything has ended, with what others have to do for that. */
  async #end(document: Document, starts: number): Promise<void> {
    const { clock, storage } = this.place;
    for (const { life } of this.members) life.appends = 0;
    let left: string[] = [];
    for (let round = 0; round < 120; round++) {
      if (!this.well.some(({ works }) => works)) await this.open();
      for (let n = 0; n < starts; n++) if (!this.accepted.has(n)) this.#start(document, n);
      await settle();
      await this.#attend();
      // What is loaded by its first use takes real time.
      if (round > 10) await new Promise((resolve) => setTimeout(resolve, 3));
      await clock.advance(round < 10 ? 2000 : 20_000);
      left = (await storage.executions.list(open)).results.map(({ id }) => id);
      if (left.length === 0 && this.accepted.size >= starts) break;
    }
    for (const id of left)
      this.faults.push(`It does not end: ${JSON.stringify(await this.well[0]!.platform.execution(id))}`);
    if (this.accepted.size < starts) this.faults.push('A start was not answered.');
    // What was only to tell somebody is gone by then.
    await clock.advance(60_000);
  }

  /** Answers what waits for an answer, under a key: one that is not taken in yet is sent again. */
  async #attend(): Promise<void> {
    const { storage } = this.place;
    const { platform } = this.well[0]!;
    for (const { id } of (await storage.executions.list(open)).results) {
      const { document } = (await storage.executions.get(id))!;
      const definition = compileDefinition(document);
      const state = initialState(definition);
      for (const event of await eventsOf(storage, id))
        evolve(definition, state, structuredClone(event), event.timestamp);
      const over = (error: unknown) =>
        this.#unless(error, 'EXECUTION_NOT_ACTIVE', 'STEP_NOT_WAITING', 'ENGINE_CLOSED');
      for (const { id: step_id, index: position } of definition.steps) {
        const { run, foreach } = state.steps[position]!;
        const runs = Object.entries(foreach?.active ?? {}).map(
          ([index, item]) => [Number(index), item] as const,
        );
        for (const [index, { wait }] of run ? [[undefined, run] as const] : runs) {
          if (!wait || wait.deadline) continue;
          const ref = index === undefined ? { step_id } : { step_id, index };
          const name = index === undefined ? step_id : `${step_id}:${index}`;
          if (wait.kind === 'signal' && wait.signal !== 'never') {
            const idempotencyKey = `${name} ${roundOf(definition, state, ref)}`;
            platform.signal(id, wait.signal, wait.signal, { idempotencyKey }).catch(over);
          } else if (wait.kind === 'approval')
            platform.decideApproval(id, name, { approved: wait.prompt === 'yes' }).catch(over);
        }
      }
    }
  }

  /** The executions as a process sees them that may die. */
  #mortal(life: Life): ExecutionStore {
    const { executions } = this.place.storage;
    const alive = <Given extends unknown[], T>(method: (...given: Given) => Promise<T>) => {
      return async (...given: Given): Promise<T> => {
        if (life.dead) return never;
        const [result] = await Promise.allSettled([method.apply(executions, given)]);
        if (life.dead) return never;
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      };
    };
    const names = [
      'get',
      'findByKey',
      'list',
      'ready',
      'nextReady',
      'post',
      'messages',
      'mail',
      'retire',
    ] as const;
    return overlay(executions, {
      ...(Object.fromEntries(
        names.map((name) => [name, alive(executions[name] as () => Promise<unknown>)]),
      ) as object),
      append: alive(async (given) => {
        if (life.appends > 0 && --life.appends === 0) {
          life.dead = true;
          if (!life.recorded) return never;
        }
        const woken = await executions.append(given);
        await this.#checkLimit(given.summary.id);
        return woken;
      }),
      claim: alive(async (...given) => {
        const claimed = await executions.claim(...given);
        if (claimed) await this.#checkLimit(claimed.id);
        return claimed;
      }),
      heartbeat: alive(async (...given) => {
        if (life.silent) throw new VwmpError('STORE_UNAVAILABLE', 'It is silent.');
        return executions.heartbeat(...given);
      }),
      async *events(...given) {
        for await (const event of executions.events(...given)) {
          if (life.dead) await never;
          yield event;
        }
      },
    });
  }

  async #checkLimit(id: string): Promise<void> {
    const { executions } = this.place.storage;
    const { concurrency } = (await executions.get(id))?.origin ?? {};
    if (!concurrency) return;
    const { key: concurrency_key, limit } = concurrency;
    const { count } = await executions.list({ concurrency_key, status: ['running', 'waiting'] });
    if ((count ?? 0) > limit) this.faults.push(`${count} executions have begun with ${concurrency_key}.`);
  }

  #plugin(life: Life): Plugin {
    const { clock, storage } = this.place;
    const config = Type.Unsafe<never>({ type: 'object' });
    const handler = (execute: Execute<never>) => defineHandler({ description: 'Test', config, execute });
    const begun = async ({ execution, step, idempotencyKey }: HandlerContext<never>): Promise<void> => {
      if (life.dead || life.silent || idempotencyKey.endsWith(':compensate')) return;
      const events = await eventsOf(storage, execution.id);
      if (events.some((event) => isSettlement(event) && event.step_id === step.id))
        this.faults.push(`${idempotencyKey} is run after it was settled.`);
    };
    return definePlugin({
      name: 'test',
      handlers: {
        work: handler(async (context) => {
          await begun(context);
          const {
            ticks,
            value,
            fails = 0,
          } = context.config as { ticks: number; value?: JsonValue; fails?: number };
          for (let tick = 0; tick < ticks; tick++) await new Promise((resolve) => setImmediate(resolve));
          if (context.attempt <= fails) throw new VwmpError('DOWN', 'It is down.');
          return value ?? null;
        }),
        // Waits for two, the one that it has started last first.
        pair: defineHandler({
          ...{ description: 'Test', config },
          execute: async (context) => {
            await begun(context);
            const { workflows } = context.config as { workflows: string[] };
            const ids: string[] = [];
            for (const workflow of workflows)
              ids.push(await context.executions.start(workflow, {}, { attached: true }));
            this.#pairs.set(ids[1]!, ids[0]!);
            return suspend({ kind: 'child', execution_id: ids[1]! });
          },
          resume: (_, payload) => {
            const { execution_id: id, status } = payload as { execution_id: string; status: string };
            const first = this.#pairs.get(id);
            return first === undefined ? status : suspend({ kind: 'child', execution_id: first });
          },
        }),
        nap: handler(async (context) => {
          await begun(context);
          const { length, deaf } = context.config as { length: number; deaf?: boolean };
          this.naps++;
          await new Promise<void>((resolve, reject) => {
            const clear = clock.setTimer(clock.now() + length, resolve, { background: true });
            if (deaf) return;
            context.signal.addEventListener('abort', () => {
              clear();
              reject(context.signal.reason);
            });
          }).finally(() => this.naps--);
        }),
      },
    });
  }

  #unless(error: unknown, ...codes: ErrorCode[]): void {
    if (!codes.some((code) => hasCode(error, code))) this.faults.push(String(error));
  }
}

function corrected(document: Document): Document {
  const steps = document.steps.map((step) =>
    step.handler === 'core.fail' ? { ...step, handler: 'core.set', config: { value: 'mended' } } : step,
  );
  return { ...document, steps };
}
