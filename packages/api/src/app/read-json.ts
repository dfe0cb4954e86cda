import { findInJson, lossOf } from 'json-text';
import { requestInvalid } from './error-answer.ts';

const unsafe = '__proto__';

/**
 * Reads JSON, and refuses what `JSON.parse` lets pass and what means different things to different readers: a key that
 * stands twice in an object, one that reaches its prototype, and collections too deep to be walked through.
 *
 * @param maxDepth - collections inside of each other
 * @param exact - whether a number is refused, too, that would be another one: documents tell it with its place
 * @throws REQUEST_INVALID
 */
export function readJson(text: string, maxDepth: number, exact = false): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8 quotes what stands around the fault, which may be a secret: only where it is, and not what.
    throw requestInvalid(`The body is not valid JSON${place(text, (error as Error).message)}.`);
  }
  if (typeof value === 'object' && value !== null) check(text, maxDepth, exact);
  return value;
}

function place(text: string, message: string): string {
  if (/end of JSON/.test(message)) return ': it ends too early';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position));
  return `: see line ${before.split('\n').length}, column ${Number(position) - before.lastIndexOf('\n')}`;
}

/** @param text - valid JSON */
function check(text: string, maxDepth: number, exact: boolean): void {
  findInJson<never>(text, {
    collection(depth) {
      if (depth <= maxDepth) return;
      throw requestInvalid(`The body has more than ${maxDepth} objects and lists inside of each other.`);
    },
    key(key, isRepeated) {
      if (key === unsafe) throw requestInvalid(`The body has the key "${unsafe}", which no object may have.`);
      if (isRepeated)
        throw requestInvalid(
          `The body has the key ${JSON.stringify(key.slice(0, 100))} twice in one object.`,
        );
    },
    number(written) {
      const loss = exact ? lossOf(written) : undefined;
      if (loss === undefined) return;
      throw requestInvalid(`The number ${written.slice(0, 100)} ${loss}. Send it as a text.`);
    },
  });
}
