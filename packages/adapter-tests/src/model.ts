import type { Message } from '@vwmp/core/ports';

/** An execution as the model sees it. */
interface Modelled {
  id: string;
  /** Counts creations. */
  order: number;
  seq: number;
  epoch: number;
  begun: boolean;
  ended: boolean;
  owner?: string;
  wake?: { at: number; once: boolean };
  limit?: number;
  messages: Message[];
}

/** What one operation does. Names and numbers come from small ranges, so that operations meet. */
export type Operation =
  | { op: 'create'; id: string; owner: string | undefined; wake: Wake; limit: number | undefined }
  | { op: 'append'; id: string; as: As; give: Give; wake: Wake; handle: number; tell: string[]; end: boolean }
  | { op: 'post'; id: string; message: string }
  | { op: 'claim'; id: string; worker: string }
  | { op: 'heartbeat'; worker: string; ttl: number }
  | { op: 'retire'; worker: string }
  | { op: 'pass'; time: number };

/** In milliseconds from now. */
export type Wake = 'missing' | 'never' | number;
export type As = 'owner' | 'stale' | 'late';
export type Give = 'keep' | 'back' | string;

/** How a store answers: what it gives, or the code of its error. */
export type Answer = { value: unknown } | { code: string };

/**
 * The contract of executions, as plainly as it can be said: lists that are searched from the beginning. Everything
 * that a real store finds quickly is found here by looking at everything.
 */
export class Model {
  now: number = 1_000_000;
  readonly executions: Modelled[] = [];
  readonly leases: Map<string, number> = new Map();
  private messages = 0;

  find(id: string): Modelled | undefined {
    return this.executions.find((each) => each.id === id);
  }

  isRunning(worker: string): boolean {
    return (this.leases.get(worker) ?? 0) > this.now;
  }

  isCalled({ limit, begun, order }: Modelled): boolean {
    if (limit === undefined || begun) return true;
    const others = this.executions.filter((each) => each.limit !== undefined && !each.ended);
    return others.filter((each) => each.begun || each.order < order).length < limit;
  }

  isReady(each: Modelled): boolean {
    if (each.ended || !this.isCalled(each)) return false;
    if (each.owner !== undefined) return !this.isRunning(each.owner);
    return each.wake !== undefined && (each.wake.once || each.wake.at <= this.now);
  }

  ready(): string[] {
    return this.executions.filter((each) => this.isReady(each)).map(({ id }) => id);
  }

  /** When something is ready that is not ready now. */
  nextLater(): number | undefined {
    const times = this.executions
      .filter((each) => !each.ended && this.isCalled(each))
      .map((each) => (each.owner === undefined ? each.wake?.at : this.leases.get(each.owner)))
      .filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  wokenOf({ id, owner }: Modelled): string {
    return owner !== undefined && this.isRunning(owner) ? `${id} ${owner}` : id;
  }

  wakeOnce(each: Modelled): void {
    if (each.owner === undefined && !each.wake?.once) each.wake = { at: this.now, once: true };
  }

  deliver(to: Modelled, message: Message): void {
    if (!to.messages.some(({ id }) => id === message.id)) to.messages.push(message);
    this.wakeOnce(to);
  }

  messageId(): string {
    return `along-${++this.messages}`;
  }
}
