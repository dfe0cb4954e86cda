import { VwmpError } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';

/** Bounds of {@link toJson}. */
export interface ToJsonOptions {
  /** Lists and maps inside each other. @defaultValue 200 */
  maxDepth?: number;
  /**
   * Of the JSON text, one byte per character, and 16 more for each list and map, which is about what
   * they take in memory: it also ends the copying of one list that is in itself 2^60 times.
   *
   * @defaultValue 32 MiB
   */
  maxBytes?: number;
  /** What has no JSON form is named, as in `(Headers)`, and not refused. @defaultValue false */
  quiet?: boolean;
}

interface Measure {
  readonly bytes: number;
  readonly depth: number;
}

/** In bytes of JSON. */
const worthRemembering = 256;

/**
 * Results of toJson, so that an output that is passed on is not copied again. Only whole results are
 * remembered: to remember every list and map in them, a WeakSet takes 0.17 to 0.29 s and 34 MB for a
 * million, and copying them again takes 0.23 s.
 */
const results = new WeakMap<object, Measure>();

/**
 * Copies a value as deeply frozen JSON, as `JSON.parse(JSON.stringify(value))` would, but it says
 * what has no JSON form instead of dropping it: undefined becomes null in a list and is left out of a
 * map, a Date becomes ISO 8601, a safe bigint a number, an error its name and message, and `toJSON` is
 * honoured. Of the cause of an error it is named what has no JSON form. A result of an earlier call is returned as it is.
 *
 * @throws VALUE_INVALID with the path: NaN, Infinity, functions, symbols, a Map, a Promise or Headers, a value
 *   in itself, getters that throw, too deep or too large
 * @throws UNSAFE_KEY for a key `__proto__`
 */
export function toJson(value: unknown, options: ToJsonOptions = {}): JsonValue {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value + 0;
      break;
    case 'undefined':
      return null;
    case 'object':
      if (value === null) return null;
  }
  const copier = new Copier(options);
  try {
    return copier.root(value);
  } catch (error) {
    throw copier.explain(error);
  }
}

class Copier {
  readonly #maxDepth: number;
  readonly #maxBytes: number;
  #quiet: boolean;
  readonly #path: (string | number)[] = [];
  readonly #parents: object[] = [];
  #bytes = 0;
  /** Of copies that were given up. */
  #wasted = 0;
  #deepest = 0;

  constructor({ maxDepth = 200, maxBytes = 32 * 1024 * 1024, quiet = false }: ToJsonOptions) {
    this.#maxDepth = maxDepth;
    this.#maxBytes = maxBytes;
    this.#quiet = quiet;
  }

  root(value: unknown): JsonValue {
    const copy = this.#copy(value);
    // An entry costs 80 bytes: more than most outputs themselves, and copying a small one again costs less.
    if (this.#bytes >= worthRemembering && typeof copy === 'object' && copy !== null)
      results.set(copy, { bytes: this.#bytes, depth: this.#deepest });
    return copy;
  }

  /** The error for what was thrown on the way, naming the place. */
  explain(error: unknown): VwmpError {
    if (error instanceof Refusal) return this.#error(error.code, error.message);
    // A full stack: a maxDepth was asked for that recursion cannot reach.
    if (error instanceof RangeError) return this.#error('VALUE_INVALID', 'is too deep or too large');
    return this.#error('VALUE_INVALID', 'could not be read: a getter or toJSON threw', error);
  }

  #error(code: 'VALUE_INVALID' | 'UNSAFE_KEY', why: string, cause?: unknown): VwmpError {
    const shown = this.#path.length > 12 ? [...this.#path.slice(0, 10), '…', this.#path.at(-1)] : this.#path;
    const place = shown.length === 0 ? 'The value' : `The value at ${shown.join('.')}`;
    return new VwmpError(code, `${place} ${why}.`, { retryable: false, cause });
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) throw new Refusal(`makes it larger than ${this.#maxBytes} bytes`);
  }

  #copy(value: unknown): JsonValue {
    switch (typeof value) {
      case 'string':
        this.#count(value.length + 2);
        return value;
      case 'number':
        if (!Number.isFinite(value)) return this.#refuse(value, `is ${value}, which JSON does not have`);
        this.#count(2);
        // JSON has no -0.
        return value + 0;
      case 'boolean':
        this.#count(5);
        return value;
      case 'undefined':
        this.#count(4);
        return null;
      case 'bigint':
        if (!Number.isSafeInteger(Number(value)))
          return this.#refuse(value, 'is a bigint beyond 2^53; return it as a string');
        return Number(value);
      case 'object':
        this.#count(4);
        return value === null ? null : this.#copyObject(value);
      default:
        return this.#refuse(typeof value, `is a ${typeof value}, which has no JSON form`);
    }
  }

  #refuse(shown: unknown, why: string): JsonValue {
    if (!this.#quiet) throw new Refusal(why);
    return this.#copy(`(${shown})`);
  }

  #copyObject(value: object): JsonValue {
    const depth = this.#parents.length + 1;
    if (Object.isFrozen(value)) {
      const known = results.get(value);
      if (known && depth - 1 + known.depth <= this.#maxDepth) {
        this.#count(known.bytes);
        this.#deepest = Math.max(this.#deepest, depth - 1 + known.depth);
        return value as JsonValue;
      }
    }
    if (this.#parents.includes(value)) throw new Refusal('contains itself');
    if (depth > this.#maxDepth) throw new Refusal(`is nested more than ${this.#maxDepth} deep`);
    if (depth > this.#deepest) this.#deepest = depth;
    this.#parents.push(value);
    this.#count(16);
    const copy = Array.isArray(value)
      ? this.#copyList(value)
      : this.#copyMap(value as Record<string, unknown>);
    this.#parents.pop();
    return copy;
  }

  #copyList(list: readonly unknown[]): JsonValue {
    const copy: JsonValue[] = [];
    const at = this.#path.length;
    for (let index = 0; index < list.length; index++) {
      this.#path[at] = index;
      copy.push(this.#copy(list[index]));
    }
    this.#path.length = at;
    return Object.freeze(copy);
  }

  #copyMap(map: Record<string, unknown>): JsonValue {
    if (typeof map.toJSON === 'function') {
      if (map instanceof Date && Number.isNaN(map.getTime())) throw new Refusal('is an invalid date');
      const replaced: unknown = map.toJSON(String(this.#path.at(-1) ?? ''));
      // What gives itself is not asked again.
      if (replaced !== map) return this.#copy(replaced);
    }
    const prototype: unknown = Object.getPrototypeOf(map);
    return prototype === Object.prototype || prototype === null
      ? this.#copyKeys(map, Object.keys(map))
      : this.#copyInstance(map);
  }

  #copyInstance(value: Record<string, unknown>): JsonValue {
    const box = boxes.find((each) => value instanceof each);
    if (box) return this.#copy((box.prototype as object).valueOf.call(value));
    const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
    // Before the keys: bytes have one for each.
    const isContainer =
      ArrayBuffer.isView(value) || containers.some((container) => value instanceof container);
    const keys = isContainer ? [] : Object.keys(value);
    if (value instanceof Error || tag === 'Error')
      return this.#copyKeys(value, [...new Set([...errorKeys, ...keys])], true);
    // Built-in ones without keys say nothing of what they hold; the class of a program may have a tag as well.
    const isOpaque = tag !== 'Object' && keys.length === 0 && (tag in globalThis || builtIn.test(tag));
    if (!isContainer && !isOpaque) return this.#copyKeys(value, keys);
    return this.#refuse(tag, `is of the class ${tag}, which has no JSON form`);
  }

  #copyKeys(map: Record<string, unknown>, keys: readonly string[], isError?: boolean): JsonValue {
    const copy: Record<string, JsonValue> = {};
    const at = this.#path.length;
    for (const key of keys) {
      this.#path[at] = key;
      if (key === '__proto__') throw new Refusal('has a key that is not allowed', 'UNSAFE_KEY');
      const isReason = isError && reasons.includes(key);
      const child = isReason ? this.#copyReason(map, key) : map[key];
      if (child === undefined) continue;
      this.#count(key.length + 3);
      copy[key] = isReason ? (child as JsonValue) : this.#copy(child);
    }
    this.#path.length = at;
    return Object.freeze(copy);
  }

  /** Whoever passes an error on seldom knows what is behind it: what cannot be copied of that says why. */
  #copyReason(error: Record<string, unknown>, key: string): JsonValue | undefined {
    const [bytes, quiet, path, parents] = [this.#bytes, this.#quiet, this.#path.length, this.#parents.length];
    try {
      const reason = error[key];
      if (reason === undefined) return undefined;
      // One that many errors have must not be copied in vain for each.
      if (this.#wasted > this.#maxBytes) this.#count(this.#wasted);
      this.#quiet = true;
      return this.#copy(reason);
    } catch (why) {
      const { message } = this.explain(why);
      this.#wasted += this.#bytes - bytes;
      this.#bytes = bytes;
      this.#path.length = path;
      this.#parents.length = parents;
      return this.#copy(`(${message})`);
    } finally {
      this.#quiet = quiet;
    }
  }
}

const boxes = [Number, String, Boolean, BigInt];

/** What an error has besides its own keys. */
const reasons = ['cause', 'errors'];
const errorKeys = ['name', 'message', ...reasons];

/** Tags of built-in classes that have no global name. */
const builtIn = /^Intl\.|(Iterator|Generator)$/;

/** Own keys would say nothing or little of what these hold. */
const containers = [Map, Set, WeakMap, WeakSet, Promise, ArrayBuffer, RegExp];

class Refusal {
  readonly message: string;
  readonly code: 'VALUE_INVALID' | 'UNSAFE_KEY';

  constructor(message: string, code: 'VALUE_INVALID' | 'UNSAFE_KEY' = 'VALUE_INVALID') {
    this.message = message;
    this.code = code;
  }
}
