import type { ExecutionRecord, LogEntry, LogLevel, LogQuery, LogStore } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { type Command, exitCodes, type Invocation } from '../../cli/command.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { findExecution, noExecution } from '../../executions/find-execution.ts';
import { statusLook } from '../../executions/status-look.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'executions logs';
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const colours = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red' } as const;
/** Between two looks while following, where nothing tells of changes; in milliseconds. */
const pause = 500;
/** How long after the end of an execution its last lines may come, in milliseconds. */
const settling = 500;

/** `vwmp executions logs ID`. */
export const command: Command = async (invocation) => {
  const { operands, flag, text, terminal } = invocation;
  const [given = ''] = operands;
  const level = readLevel(text('level'));
  const step = text('step');
  const query: LogQuery = {
    limit: 500,
    ...(step !== undefined && { step_id: step }),
    ...(level !== undefined && { level: levels.slice(levels.indexOf(level)) }),
  };
  return withPlatform('read', terminal, async ({ platform }) => {
    const { executions, logs } = platform.storage;
    const record = await findExecution(executions, given);
    if (step !== undefined && !record.document.steps.some(({ id }) => id === step)) {
      const known = record.document.steps.map(({ id }) => id);
      throw new UsageError(`The workflow has no step "${safe(step)}".${didYouMean(step, known)}`, name);
    }
    const reader = new LogReader(logs, record.id, query);
    // Nothing is said of one that began today.
    let day = new Date().toISOString().slice(0, 10);
    const print = async (): Promise<void> => {
      for await (const entry of reader.fresh()) {
        const date = entry.timestamp.slice(0, 10);
        // A terminal shows the time alone.
        if (terminal.out.isTTY && !flag('json') && date !== day)
          terminal.out.line(terminal.out.style.dim(date));
        day = date;
        terminal.out.line(lineOf(entry, invocation));
      }
      await terminal.out.flush();
    };
    if (!flag('follow')) await print();
    else await follow(platform, record.id, print, invocation);
    return exitCodes.success;
  });
};

function readLevel(text: string | undefined): LogLevel | undefined {
  const level = levels.find((each) => each === text);
  if (text === undefined || level) return level;
  throw new UsageError(`--level is "${safe(text)}": it has to be debug, info, warn or error.`, name);
}

/** Reads on where it stopped. A cursor leads to the page after a full one only, so the last page is read again. */
class LogReader {
  readonly #logs: LogStore;
  readonly #id: string;
  readonly #query: LogQuery;
  #cursor: string | undefined;
  /** Of the page at the cursor. */
  #seen = 0;

  constructor(logs: LogStore, id: string, query: LogQuery) {
    this.#logs = logs;
    this.#id = id;
    this.#query = query;
  }

  async *fresh(): AsyncGenerator<LogEntry> {
    for (;;) {
      const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor };
      const { results, next_cursor } = await this.#logs.list(this.#id, { ...this.#query, ...cursor });
      const fresh = results.slice(this.#seen);
      this.#seen = results.length;
      yield* fresh;
      if (next_cursor === undefined) return;
      this.#cursor = next_cursor;
      this.#seen = 0;
    }
  }
}

async function follow(
  { storage }: Platform,
  id: string,
  print: () => Promise<void>,
  { terminal: { err, symbols } }: Invocation,
): Promise<void> {
  let wake = (): void => {};
  const stop = storage.onChange?.(() => wake());
  try {
    for (;;) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      const record = await storage.executions.get(id);
      await print();
      if (!record) throw noExecution(id);
      if (record.completed_at !== undefined) {
        await printLate(record, print);
        return err.line(statusLook(record.status, { out: err, symbols }));
      }
      const timer = setTimeout(wake, pause);
      await woken.promise;
      clearTimeout(timer);
    }
  } finally {
    stop?.();
  }
}

/** The last lines may be written a moment after the end: those who write them collect some first. */
async function printLate({ completed_at = '' }: ExecutionRecord, print: () => Promise<void>): Promise<void> {
  if (Date.now() - Date.parse(completed_at) > settling) return;
  await new Promise((resolve) => setTimeout(resolve, settling));
  await print();
}

function lineOf(entry: LogEntry, { flag, terminal: { out } }: Invocation): string {
  if (flag('json')) return JSON.stringify(entry);
  const { timestamp, level, message, data, step_id, index } = entry;
  const { style } = out;
  const time = style.dim(out.isTTY ? timestamp.slice(11, 23) : timestamp);
  const item = index === undefined ? '' : `:${index}`;
  const step = step_id === undefined ? '' : `${style.dim(`${step_id}${item}`)} `;
  const more = data === undefined ? '' : style.dim(` ${safe(JSON.stringify(data))}`);
  // One line each, so that grep and wc count entries.
  return `${time} ${style[colours[level]](level.padEnd(5))} ${step}${safe(message, out.isTTY)}${more}`;
}
