import { refuse } from './errors.ts';
import type { FormatOptions, Limits, Writer } from './formats.ts';
import type { Records } from './records.ts';

/** Reads a JSON document: the entries of a list, or the one value there is. */
export async function* readJson(source: AsyncIterable<string>): Records {
  const pieces: string[] = [];
  for await (const piece of source) pieces.push(piece);
  const value = parse(pieces.join(''), () => 'The text');
  yield Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Reads JSON Lines; empty lines are passed over. */
export async function* readJsonLines(
  source: AsyncIterable<string>,
  _options: FormatOptions,
  { maxRecord }: Limits,
): Records {
  let rest = '';
  let line = 0;
  const read = (text: string): unknown => parse(text, () => `Line ${line}`);
  for await (const piece of source) {
    const lines = piece.split('\n');
    lines[0] = rest + lines[0]!;
    rest = lines.pop()!;
    if (rest.length > maxRecord)
      throw refuse('DATA_INVALID', `Line ${line + lines.length + 1} is longer than ${maxRecord} characters.`);
    const records: unknown[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') records.push(read(text));
    }
    yield records;
  }
  line++;
  if (rest.trim() !== '') yield [read(rest)];
}

function parse(text: string, what: () => string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which may be private.
    throw refuse('DATA_INVALID', `${what()} is not JSON.`);
  }
}

export function createJsonLinesWriter(): Writer {
  return {
    write: (records) => records.map((record) => `${JSON.stringify(record ?? null)}\n`).join(''),
    end: () => '',
  };
}

/** Writes a list, a record a line. */
export function createJsonWriter(): Writer {
  let separator = '[\n';
  return {
    write(records) {
      let text = '';
      for (const record of records) {
        text += `${separator}${JSON.stringify(record ?? null)}`;
        separator = ',\n';
      }
      return text;
    },
    end: () => (separator === ',\n' ? '\n]\n' : '[]\n'),
  };
}
