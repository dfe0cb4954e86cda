import type { Logger } from '@vwmp/core/ports';

/** Tells once when Redis goes and once when it is back, however many connections notice. */
export class OutageLog {
  readonly #logger: Logger | undefined;
  readonly #where: string;
  readonly #down = new Set<object>();
  #since = 0;

  constructor(logger: Logger | undefined, where: string) {
    this.#logger = logger;
    this.#where = where;
  }

  down(connection: object, reason: string): void {
    this.#down.add(connection);
    if (this.#down.size > 1 || this.#since > 0) return;
    this.#since = performance.now();
    this.#logger?.log('warn', `${this.#where} is away: ${reason}. Trying to reach it until it is back.`);
  }

  up(connection: object): void {
    if (!this.#down.delete(connection) || this.#down.size > 0) return;
    const seconds = ((performance.now() - this.#since) / 1000).toFixed(1);
    this.#since = 0;
    this.#logger?.log('info', `${this.#where} is back after ${seconds} s.`);
  }

  /** The connection was closed on purpose. */
  forget(connection: object): void {
    if (this.#down.delete(connection) && this.#down.size === 0) this.#since = 0;
  }
}
