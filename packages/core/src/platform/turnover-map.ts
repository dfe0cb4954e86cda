interface Box<V> {
  value: V | undefined;
}

/**
 * A map of large things that come and go all the time. A `Map` that outgrows its table links it to the next one, for whoever is going
 * through it; a table that has grown old before it was dropped keeps all those that follow, and what was in them, until the next full
 * collection. Here only empty boxes are left in them: with 64 executions at a time each collection of the young ones copies 1 MB instead of 5.
 */
export class TurnoverMap<K, V> {
  readonly #boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.#boxes.size;
  }

  has(key: K): boolean {
    return this.#boxes.has(key);
  }

  get(key: K): V | undefined {
    return this.#boxes.get(key)?.value;
  }

  set(key: K, value: V): void {
    this.#boxes.set(key, { value });
  }

  delete(key: K): void {
    const box = this.#boxes.get(key);
    if (!box) return;
    box.value = undefined;
    this.#boxes.delete(key);
  }

  /** Those that are there now. */
  values(): V[] {
    return [...this.#boxes.values()].map(({ value }) => value as V);
  }
}
