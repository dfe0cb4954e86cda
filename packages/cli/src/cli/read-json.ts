import type { JsonValue } from '@vwmp/core';
import { readText } from '../documents/read-text.ts';
import { lossIn } from '../run/exact.ts';
import type { Output } from '../terminal/terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * JSON of the command line, or `@FILE` with JSON in it; `@-` is stdin.
 *
 * @param what - for messages, such as "The payload"
 * @param example - what it might be
 * @throws UsageError
 */
export async function readJson(
  given: string,
  what: string,
  example: string,
  command: string,
  err: Output,
): Promise<JsonValue> {
  const text = given.startsWith('@') ? await readText(given.slice(1), 'JSON file', err) : given;
  const where = given.startsWith('@') ? `in "${given.slice(1)}" ` : '';
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new UsageError(
      `${what} ${where}has to be JSON, like '${example}', or @FILE with JSON in it: ${(error as Error).message}.`,
      command,
    );
  }
  const problem = lossIn(text);
  if (problem !== undefined)
    throw new UsageError(`${what} ${where}would lose something: ${problem}`, command);
  return value;
}
