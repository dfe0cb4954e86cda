import { type ErrorInfo, hasCode, VwmpError } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { Redactor } from '../values/index.ts';
import { toJson } from '../values/index.ts';
import { shownKey } from './idempotency-key.ts';

/** In characters. */
const longestMessage = 64 * 1024;

/** Makes what comes from outside fit to be kept: JSON, frozen, not too large, without secrets. */
export class PayloadGuard {
  readonly #redactor: Redactor;
  readonly #maxBytes: number;

  /** @param maxBytes - of JSON */
  constructor(redactor: Redactor, maxBytes: number) {
    this.#redactor = redactor;
    this.#maxBytes = maxBytes;
  }

  /**
   * What is sent from outside.
   *
   * @param quiet - objects without a JSON form are named and not refused
   * @throws VALUE_INVALID, UNSAFE_KEY
   */
  take(value: unknown, quiet = false): JsonValue {
    return this.#redactor.redactData(toJson(value, { maxBytes: this.#maxBytes, quiet }));
  }

  /**
   * What a handler gives.
   *
   * @param quiet - as for {@link PayloadGuard.take}
   * @throws OUTPUT_INVALID, UNSAFE_KEY
   */
  clean(value: unknown, quiet?: boolean): JsonValue {
    try {
      return this.take(value, quiet);
    } catch (error) {
      if (!hasCode(error, 'VALUE_INVALID')) throw error;
      throw new VwmpError('OUTPUT_INVALID', `The value cannot be kept: ${(error as Error).message}`, {
        cause: error,
        retryable: false,
      });
    }
  }

  /** For logs: what cannot be kept is replaced by the reason, as a log line must not fail a step. */
  cleanQuietly(value: unknown): JsonValue {
    try {
      return this.clean(value, true);
    } catch (error) {
      return `(${(error as Error).message})`;
    }
  }

  /** Part by part: a secret that is called "code" must not take away the code. */
  error(error: ErrorInfo): ErrorInfo {
    const { code, message, details, cause } = error;
    const text = this.#redactor.text(message);
    return {
      ...error,
      code: this.#redactor.text(code),
      message: text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text,
      ...(details === undefined ? {} : { details: this.cleanQuietly(details) }),
      ...(cause ? { cause: this.error(cause) } : {}),
    };
  }

  text(text: string): string {
    return this.#redactor.text(text);
  }

  /** The idempotency key of a signal, if it has one. */
  keyed(key: string | undefined): { idempotency_key: string } | undefined {
    return key === undefined ? key : { idempotency_key: shownKey(key, this.#redactor) };
  }
}
