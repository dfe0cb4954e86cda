/** When tasks began, so that not too many begin within a span of time, wherever that span starts. */
export class RateLog {
  /** Oldest first. */
  #begun: number[] = [];

  add(now: number): void {
    this.#begun.push(now);
  }

  /** When the next one may begin; a time that has passed means now. */
  next({ limit, per }: { limit: number; per: number }): number {
    const decisive = this.#begun.at(-limit);
    return this.#begun.length < limit || decisive === undefined ? 0 : decisive + per;
  }

  /** Forgets all but the newest. */
  trim(keep: number): void {
    if (this.#begun.length > 2 * keep) this.#begun = keep > 0 ? this.#begun.slice(-keep) : [];
  }
}
