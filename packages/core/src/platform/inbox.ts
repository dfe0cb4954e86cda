import { type ActiveExecution, cancellation } from '../engine/active-execution.ts';
import type { PayloadGuard } from '../engine/payload.ts';
import type { Message } from '../ports/execution-store.ts';
import type { MessageBody } from './message.ts';

export interface InboxHost {
  /** Told of the end of an attempt in another queue, and of that of a child that is about to be waited for. */
  reported(): void;
  childEnded(executionId: string): void;
  /** Told of a message that cannot be taken in. */
  refused(messageId: string, error: unknown): void;
}

/**
 * Gives stored messages to an execution. One stays in the store until what follows from it is recorded, so none
 * is lost and none counts twice.
 */
export class Inbox {
  readonly #execution: ActiveExecution;
  readonly #payload: PayloadGuard;
  readonly #host: InboxHost;
  readonly #seen = new Set<string>();
  /** Of children that ended before the run that started them began to wait, by message id. */
  readonly #held = new Map<string, MessageBody & { type: 'child' }>();

  /** True once a message said that what is being undone is not to be. */
  #givenUp = false;

  constructor(execution: ActiveExecution, payload: PayloadGuard, host: InboxHost) {
    this.#execution = execution;
    this.#payload = payload;
    this.#host = host;
  }

  /** Takes in what was not seen before. @returns how many there were */
  take(messages: readonly Message[]): number {
    const fresh = messages.filter(({ id, body }) => !this.#seen.has(id) || isKeyed(body as never));
    for (const { id, body } of fresh) {
      this.#seen.add(id);
      try {
        this.#deliver(id, body as unknown as MessageBody);
      } catch (error) {
        // It would be refused by whoever comes next, too, and hold up all that is behind it.
        this.#host.refused(id, error);
        this.#execution.deliver(id);
      }
    }
    return fresh.length;
  }

  /** Looks again at what came too early. @returns whether something of it fits now */
  retry(): boolean {
    if (this.#held.size === 0) return false;
    const fitting = this.#fitting(true);
    for (const [id, body] of fitting) {
      this.#held.delete(id);
      this.#deliver(id, body);
    }
    return fitting.length > 0;
  }

  /** True while something that came too early fits now. */
  expectant(): boolean {
    // Every step of every execution asks, and hardly ever is there one: it costs no arrays then.
    return this.#held.size > 0 && this.#fitting(true).length > 0;
  }

  /**
   * Ids of what came too early and fits nothing, now that nothing runs here. To hold on to the execution for it would keep others from
   * working, even those that it waits for; a run that waits for such a child later is told anew.
   */
  early(): string[] {
    return this.#fitting(false).map(([id]) => id);
  }

  /** True for a message that came too early. */
  holds(id: string): boolean {
    return this.#held.has(id);
  }

  #deliver(id: string, body: MessageBody): void {
    const execution = this.#execution;
    const at = execution.now();
    switch (body.type) {
      case 'signal': {
        // A step that waits for a name with a secret in it waits for the name without.
        const signal = this.#payload.text(body.signal);
        return execution.deliver(id, {
          type: 'signal',
          at,
          signal,
          payload: this.#payload.clean(body.payload),
          ...this.#payload.keyed(body.idempotency_key),
        });
      }
      case 'decide': {
        const payload = this.#payload.clean(body.payload);
        const { ref, round } = body;
        const waits = execution.waitOf(ref)?.kind === 'approval' && execution.roundOf(ref) === round;
        return execution.deliver(id, waits ? { type: 'resume', at, ...ref, round, payload } : undefined);
      }
      case 'child':
        this.#host.childEnded(body.execution_id);
        if (this.#awaits(body))
          execution.deliver(id, { type: 'resume', at, ...body.ref, payload: body.payload });
        else {
          this.#held.set(id, body);
          this.#host.reported();
        }
        return;
      case 'report': {
        this.#host.reported();
        const wait = execution.waitOf(body.ref);
        const expected = wait?.kind === 'task' && wait.task_id === body.task_id;
        return execution.deliver(id, expected ? { ...body.input, at } : undefined);
      }
      case 'cancel':
        if (!execution.undoing)
          return execution.deliver(id, cancellation(this.#payload.text(body.reason), at));
        if (body.gentle) return execution.deliver(id);
        execution.giveUpUndoing();
        // One stays until the end, which takes it away: whoever goes on after a crash is to give up, too.
        if (this.#givenUp) execution.deliver(id);
        this.#givenUp = true;
        return;
    }
  }

  #fitting(fits: boolean): [string, MessageBody & { type: 'child' }][] {
    return [...this.#held].filter(([, body]) => this.#awaits(body) === fits);
  }

  #awaits({ ref, execution_id }: MessageBody & { type: 'child' }): boolean {
    const wait = this.#execution.waitOf(ref);
    return wait?.kind === 'child' && wait.execution_id === execution_id;
  }
}

/** It may have been handled and sent again since, and would lie there for ever; the machine takes in one. */
function isKeyed(body: MessageBody): boolean {
  return body.type === 'signal' && body.idempotency_key !== undefined;
}
