import type { Records } from './records.ts';

export type FormatName = 'csv' | 'jsonl' | 'json' | 'xml';

/** How text in one of the formats is to be read or written. */
export interface FormatOptions {
  readonly format: FormatName;
  /** Of CSV: names, or false for rows without a header. */
  readonly columns?: readonly string[] | false;
  readonly delimiter?: string;
  /** Of CSV: keeps a spreadsheet from taking text for a formula. */
  readonly escape_formulas?: boolean;
  /** Of XML: name of the elements that are the records. */
  readonly record?: string;
  /** Of XML: name of the element around all. */
  readonly root?: string;
}

/** Text, and one record of it, may be no longer than this, in characters. */
export interface Limits {
  readonly maxRecord: number;
}

/** Turns pieces of text into records, in lists as they come. */
export type Reader = (source: AsyncIterable<string>, options: FormatOptions, limits: Limits) => Records;

/** Turns records into text. */
export interface Writer {
  /** Text for some more records. */
  write(records: readonly unknown[]): string;
  /** What is left to write. */
  end(): string;
}

/** Imports the reader of a format on first use. */
export async function readerOf(format: FormatName): Promise<Reader> {
  if (format === 'csv') return (await import('./csv.ts')).readCsv;
  if (format === 'xml') return (await import('./xml-read.ts')).readXml;
  const { readJson, readJsonLines } = await import('./json.ts');
  return format === 'json' ? readJson : readJsonLines;
}

/** Imports the writer of a format on first use. */
export async function writerOf(options: FormatOptions): Promise<Writer> {
  if (options.format === 'csv') return (await import('./csv.ts')).createCsvWriter(options);
  if (options.format === 'xml') return (await import('./xml-write.ts')).createXmlWriter(options);
  const { createJsonWriter, createJsonLinesWriter } = await import('./json.ts');
  return options.format === 'json' ? createJsonWriter() : createJsonLinesWriter();
}
