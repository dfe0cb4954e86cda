import type { JsonValue } from '../model/json.ts';

/** Replaces secrets by `***`. */
export interface Redactor {
  /** Whether there is anything to replace. */
  readonly active: boolean;
  /** Makes a secret known, in its raw, JSON-escaped, URI-encoded and base64 forms, and each long
   * line of one that has several; an empty one is ignored. */
  add(secret: string): void;
  /** Those that were made known, as they were given. */
  readonly known: ReadonlySet<string>;
  /** Replaces secrets in all strings and keys; the same object when there is none in it. */
  redact<T extends JsonValue>(value: T): T;
  /** Does so with numbers too that are a secret, such as a PIN that was read by `int()`: for data in which no number means anything to us. */
  redactData<T extends JsonValue>(value: T): T;
  /** Replaces secrets in a text. */
  text(text: string): string;
}

export const mask = '***';

/** A secret that a handler or an expression may make a number of. */
const decimal = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** A pattern of more characters may not be compiled, and the error would quote it. */
const mostPattern = 1e5;

/** So may one of more characters that stand in a row. */
const mostForm = 3e4;

const noNumbers: ReadonlySet<number> = new Set();

/**
 * Makes a redactor. Until it knows a secret, it costs nothing.
 *
 * @param known - what it knows from the start
 * @example
 * ```ts
 * const redactor = createRedactor();
 * redactor.add('hunter2');
 * redactor.text('password=hunter2'); // password=***
 * ```
 */
export function createRedactor(known: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  /** Those of the forms that are secrets as they were given, and the lines of them. */
  const secrets = new Set<string>();
  /** What is read from those that are written as a number. */
  const numbers = new Set<number>();
  let patterns: (RegExp | string)[] | undefined;

  const text = (value: string): string => {
    if (forms.size === 0) return value;
    if (!patterns) {
      patterns = [];
      let loose = '';
      // The longest is looked for first: a secret may be part of another.
      for (const form of [...forms].sort((a, b) => b.length - a.length)) {
        const made = form.length < mostForm ? looseForm(form) : '';
        if (!made || made.length > mostPattern) patterns.push(form);
        else if (loose.length + made.length > mostPattern) {
          patterns.push(new RegExp(loose, 'g'));
          loose = made;
        } else loose += (loose && '|') + made;
      }
      if (loose) patterns.push(new RegExp(loose, 'g'));
    }
    return patterns.reduce<string>((rest, pattern) => rest.replaceAll(pattern, mask), value);
  };

  const redact = (value: JsonValue, secretNumbers: ReadonlySet<number>): JsonValue => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return secretNumbers.has(value) ? mask : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => redact(item, secretNumbers));
      return items.every((item, index) => item === value[index]) ? value : Object.freeze(items);
    }
    const entries = Object.entries(value);
    const changed = entries.map(([key, item]) => [text(key), redact(item, secretNumbers)] as const);
    const same = changed.every(
      ([key, item], index) => key === entries[index]?.[0] && item === entries[index][1],
    );
    return same ? value : Object.freeze(Object.fromEntries(changed));
  };

  const add = (secret: string): void => {
    if (secret === '' || secrets.has(secret)) return;
    const json = JSON.stringify(secret).slice(1, -1);
    for (const form of [json, JSON.stringify(json).slice(1, -1), ...base64Forms(secret)]) forms.add(form);
    // A key of several lines is often written line by line, to a log for one. Short lines mean nothing by themselves.
    for (const part of [secret, ...(secret.match(/\S.{6,}\S/g) ?? [])]) {
      forms.add(part);
      secrets.add(part);
      if (decimal.test(part)) numbers.add(Number(part));
    }
    patterns = undefined;
  };
  for (const secret of known) add(secret);

  return {
    get active() {
      return forms.size > 0;
    },
    known: secrets,
    add,
    redact: <T extends JsonValue>(value: T): T =>
      forms.size === 0 ? value : (redact(value, noNumbers) as T),
    redactData: <T extends JsonValue>(value: T): T =>
      forms.size === 0 ? value : (redact(value, numbers) as T),
    text,
  };
}

/**
 * Which characters are written as `%21` in a URI, as `\/` or `\u0021` in JSON, or as `&#33;` and `&amp;` in HTML and XML, depends on who writes
 * them and where; CSV doubles quotes.
 *
 * A text that is read in two ways at many places takes for ever. So the first character of the text tells which way it is: a backslash of the
 * secret is never `\u005c`, and what may follow quotes begins with none. Only `&` and `%` begin themselves and others; there, what comes next
 * tells it, but for an entity in the secret whose name comes again.
 */
function looseForm(secret: string): string {
  return secret.replace(/([^A-Za-z0-9])\1*/gu, (found, character: string, at: number) => {
    const code = character.codePointAt(0)!;
    const times = found.length / character.length;
    const slashes = character === '\\' ? '' : '\\\\{0,3}';
    const plain = character === ' ' ? '[ +]' : `\\${character}`;
    const units = character.replace(/./gs, (unit) => `\\\\{1,3}u0*${hex(unit.charCodeAt(0))}`);
    const bytes = Array.from(new TextEncoder().encode(character), hex).join('%');
    const entity = /^&+#?(\w{2,});[^a-z]{0,2}\1/.test(secret.slice(at))
      ? ''
      : `&(?:#x0*${hex(code)}|#0*${code}|amp|lt|gt|quot|apos);|`;
    const any = `(?:${entity}${slashes}${plain}|%0?${bytes}${slashes && `|${units}`}){${times}}${character === '"' ? `"{0,${times}}` : ''}`;
    return any.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  });
}

const hex = (code: number): string => code.toString(16);

/**
 * The base64 of a secret alone and inside of something longer, as in `Authorization: Basic`: what
 * stands before it shifts it by 0, 1 or 2 bytes. Characters that depend on the neighbours are left
 * out, and what is then too short to mean anything is too.
 */
function base64Forms(secret: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join('');
  const forms = [btoa(bytes)];
  for (const shift of [0, 1, 2]) {
    // Of 8 bits each character of base64 has 6; what begins within one, or does not fill it, is cut.
    const inner = btoa('-'.repeat(shift) + bytes).slice(shift && shift + 1, ((shift + bytes.length) * 8) / 6);
    if (inner.length >= 6) forms.push(inner);
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')]);
}
