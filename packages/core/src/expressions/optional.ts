import { Failure } from './failure.ts';

/** What `.?key`, `[?key]` and `optional.of()` give: a value, or none. */
export class Optional {
  // Private, so that nothing of it can be read as the key of a map.
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
    Object.freeze(this);
  }

  get present(): boolean {
    return this.#value !== undefined;
  }

  or(other: unknown): unknown {
    return this.#value === undefined ? other : this.#value;
  }

  get value(): unknown {
    if (this.#value === undefined) throw new Failure('the optional has no value; use .orValue(…)');
    return this.#value;
  }
}

/** The optional without a value. */
export const none: Optional = new Optional(undefined);
