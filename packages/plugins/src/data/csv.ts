import Papa from 'papaparse';
import { createRowReader } from './csv-rows.ts';
import { refuse } from './errors.ts';
import type { FormatOptions, Limits, Writer } from './formats.ts';
import { checkName, type Records } from './records.ts';

/** Reads CSV after RFC 4180, quoted line breaks and all. */
export async function* readCsv(
  source: AsyncIterable<string>,
  { columns, delimiter = ',' }: FormatOptions,
  { maxRecord }: Limits,
): Records {
  const readRows = createRowReader(delimiter);
  let names = columns === false ? undefined : columns;
  names?.forEach(checkName);
  let rest = '';
  let line = 0;
  let isBlank = false;
  const parse = (last: boolean): unknown[] => {
    const { data, end, broken } = readRows(rest, last);
    const next = `Record ${line + data.length + 1} of the CSV`;
    if (broken) throw refuse('DATA_INVALID', `${next} has a quote that is not closed or stands wrong.`);
    rest = rest.slice(end);
    if (rest.length > maxRecord)
      throw refuse(
        'DATA_INVALID',
        `${next} is longer than ${maxRecord} characters: a quote may not be closed.`,
      );
    const records: unknown[] = [];
    for (const row of data) {
      line++;
      // A line with nothing in it is the empty value of a single column, but for one at the end.
      if (isBlank) records.push(toRecord([''], names!, line - 1));
      isBlank = row.length === 0 && names?.length === 1;
      if (row.length === 0) continue;
      if (columns === false) records.push(row);
      else if (names === undefined) names = header(row);
      else records.push(toRecord(row, names, line));
    }
    return records;
  };
  for await (const piece of source) {
    rest += piece;
    yield parse(false);
  }
  yield parse(true);
}

function header(row: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const twice = row.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined)
    throw refuse(
      'DATA_INVALID',
      `The header of the CSV has the column ${JSON.stringify(twice.slice(0, 100))} twice.`,
    );
  return row.map(checkName);
}

function toRecord(row: readonly string[], names: readonly string[], line: number): Record<string, string> {
  if (row.length !== names.length)
    throw refuse(
      'DATA_INVALID',
      `Record ${line} of the CSV has ${row.length} fields, its header ${names.length}.`,
      { record: line },
    );
  const record: Record<string, string> = {};
  for (let i = 0; i < names.length; i++) record[names[i]!] = row[i]!;
  return record;
}

/** What a spreadsheet may take for a formula. That of Papa Parse lets pass what has a second line. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Writes CSV. What is no text, number or boolean becomes JSON; null becomes nothing. */
export function createCsvWriter({
  columns,
  delimiter = ',',
  escape_formulas: escaping = false,
}: FormatOptions): Writer {
  const escapeFormulae = escaping && formula;
  let names = columns === false ? undefined : columns;
  let known: ReadonlySet<string> | undefined;
  let begun = false;
  let count = 0;
  const toRow = (record: unknown): unknown[] => {
    count++;
    if (columns === false || Array.isArray(record)) {
      if (Array.isArray(record)) return record.map(field);
      throw refuse('DATA_INVALID', `Record ${count} is no list, and without columns CSV is made of lists.`);
    }
    if (typeof record !== 'object' || record === null)
      throw refuse('DATA_INVALID', `Record ${count} is no object: CSV needs fields.`);
    names ??= Object.keys(record);
    if (columns === undefined) {
      known ??= new Set(names);
      const extra = Object.keys(record).find((name) => !known!.has(name));
      if (extra !== undefined)
        throw refuse(
          'DATA_INVALID',
          `Record ${count} has the field ${JSON.stringify(extra.slice(0, 100))}, the first one has not. Name the columns.`,
        );
    }
    return names.map((name) =>
      field(Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null),
    );
  };
  return {
    write(records) {
      const rows = records.map(toRow);
      const isFirst = !begun;
      if (rows.length > 0 || columns) begun = true;
      if (isFirst && begun && names !== undefined) rows.unshift([...names]);
      if (rows.length === 0) return '';
      const toText = (some: unknown[][]): string =>
        `${Papa.unparse(some, { delimiter, newline: '\n', escapeFormulae })}\n`;
      // Without quotes, a row that is one empty field would be a line with nothing in it.
      return rows.some(isEmptyField)
        ? rows.map((row) => (isEmptyField(row) ? '""\n' : toText([row]))).join('')
        : toText(rows);
    },
    end: () => '',
  };
}

function field(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function isEmptyField(row: readonly unknown[]): boolean {
  return row.length === 1 && (row[0] ?? '') === '';
}
