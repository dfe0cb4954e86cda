import type { ActiveExecution } from '../engine/active-execution.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { Inbox } from './inbox.ts';

/** So many messages may be read again with each hint before hints are gathered. */
const crowd = 16;

export interface MailOptions {
  readonly executions: ExecutionStore;
  /** An execution that this process owns. */
  find(id: string): { readonly execution: ActiveExecution; readonly inbox: Inbox } | undefined;
  /** True for one that it is about to own. */
  claims(id: string): boolean;
}

/** Fetches messages from the store for the executions that a worker owns. */
export class Mail {
  readonly #options: MailOptions;
  /** Looked for while they were being claimed. */
  readonly #missed = new Set<string>();
  /** Whose messages are being read, and whether more may have come since. */
  readonly #reading = new Map<string, boolean>();

  constructor(options: MailOptions) {
    this.#options = options;
  }

  async look(id: string): Promise<void> {
    // While messages wait to be recorded, every look finds all of them again: a crowd of hints is one look.
    const reading = this.#reading.has(id);
    this.#reading.set(id, reading);
    if (reading) return;
    try {
      const known = await this.#fetch(id);
      if (known > crowd) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      const again = this.#reading.get(id);
      this.#reading.delete(id);
      if (again) await this.look(id);
    }
  }

  /** Somebody looks for what may come to an execution. */
  miss(id: string): void {
    // It is about to be taken up, and its messages may have been read already.
    if (this.#options.claims(id)) this.#missed.add(id);
  }

  /** To be asked when it is owned, or will not be. @returns whether somebody looked meanwhile */
  missed(id: string): boolean {
    return this.#missed.delete(id);
  }

  /** @returns how many of its messages were known before */
  async #fetch(id: string): Promise<number> {
    const { executions, find } = this.#options;
    const owned = find(id);
    if (!owned) {
      this.miss(id);
      return 0;
    }
    const messages = await executions.messages(id);
    const fresh = owned.inbox.take(messages);
    if (fresh > 0) owned.execution.wake();
    return messages.length - fresh;
  }
}
