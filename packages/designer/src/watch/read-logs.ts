import type { Backend, LogEntry, Page } from '../backend.ts';

/** The end of a log. */
export interface KnownLogs {
  lines: readonly LogEntry[];
  /** How many lines stand before these. */
  earlier: number;
}

/** So many lines are kept, the last ones; earlier ones can be read from the server. */
export const mostLogs = 5000;
/** So many are asked for at a time. */
const together = 500;

/** Reads the log of an execution to its end, again and again: only what has come since is asked for. */
export class LogReader {
  readonly #backend: Backend;
  readonly #id: string;
  /** What stands before the page that was the last one: that may have grown. */
  #before: KnownLogs = { lines: [], earlier: 0 };
  #cursor: string | undefined;

  constructor(backend: Backend, id: string) {
    this.#backend = backend;
    this.#id = id;
  }

  /** Tells what is known after each page. */
  async *read(): AsyncGenerator<KnownLogs> {
    for await (const { results, next_cursor } of pagesOf(this.#backend, this.#id, this.#cursor)) {
      const known = lastOf(this.#before, results);
      if (next_cursor !== undefined) {
        this.#before = known;
        this.#cursor = next_cursor;
      }
      yield known;
    }
  }
}

/** Every line of a log, however long it is. */
export async function readWholeLog(backend: Backend, id: string): Promise<LogEntry[]> {
  const lines: LogEntry[] = [];
  for await (const { results } of pagesOf(backend, id)) lines.push(...results);
  return lines;
}

/** A log that has grown, as far as it is kept. */
export function lastOf({ lines, earlier }: KnownLogs, more: readonly LogEntry[]): KnownLogs {
  const all = [...lines, ...more];
  const kept = all.slice(-mostLogs);
  return { lines: kept, earlier: earlier + all.length - kept.length };
}

async function* pagesOf(backend: Backend, id: string, from?: string): AsyncGenerator<Page<LogEntry>> {
  let cursor = from;
  do {
    const page = await backend.readLogs(id, { limit: together, ...(cursor !== undefined && { cursor }) });
    yield page;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
}
