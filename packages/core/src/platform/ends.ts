import type { Execution } from '../model/execution.ts';
import { TurnoverMap } from './turnover-map.ts';

/** Told of the end of an execution; of nothing when this process lets go of it before. */
export type EndListener = (ended: Execution | undefined) => void;

/** Who wants to know of the ends of executions that this process works on. */
export class Ends {
  readonly #listeners = new TurnoverMap<string, Set<EndListener>>();

  /** @returns a function that ends it; idempotent */
  watch(id: string, listener: EndListener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    // The same function may be given twice.
    const own: EndListener = (ended) => listener(ended);
    if (listeners.size === 0) this.#listeners.set(id, listeners);
    listeners.add(own);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }

  /** How many executions somebody waits for. */
  get size(): number {
    return this.#listeners.size;
  }

  /** @param ended - made when somebody wants to know; gives nothing when it was let go of */
  tell(id: string, ended: () => Execution | undefined): void {
    const listeners = this.#listeners.get(id);
    if (!listeners) return;
    this.#listeners.delete(id);
    const execution = ended();
    for (const listener of listeners) listener(execution);
  }
}
