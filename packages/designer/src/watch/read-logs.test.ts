import { expect, it } from 'vitest';
import type { Backend, LogEntry } from '../backend.ts';
import { LogReader, mostLogs, readWholeLog } from './read-logs.ts';

const asked: (string | undefined)[] = [];

/** Has a log, and tells which pages were asked for. */
function backendWith(lines: readonly LogEntry[]): Backend {
  asked.length = 0;
  return {
    async readLogs(_: string, { limit = 50, cursor }: { limit?: number; cursor?: string }) {
      asked.push(cursor);
      const to = Number(cursor ?? 0) + limit;
      const results = lines.slice(Number(cursor ?? 0), to);
      return { results, ...(to < lines.length && { next_cursor: String(to) }) };
    },
  } as unknown as Backend;
}

const line = (_: unknown, at: number): LogEntry => ({
  timestamp: '2026-01-01T00:00:00.000Z',
  level: 'info',
  message: `line ${at}`,
});

async function lastRead(reader: LogReader): Promise<{ messages: string[]; earlier: number }> {
  let last: { messages: string[]; earlier: number } = { messages: [], earlier: 0 };
  for await (const { lines, earlier } of reader.read())
    last = { messages: lines.map(({ message }) => message), earlier };
  return last;
}

it('reads a log to its end, and later only what has come since', async () => {
  const lines = Array.from({ length: 1200 }, line);
  const reader = new LogReader(backendWith(lines), 'x');
  const first = await lastRead(reader);
  expect(first.messages).toHaveLength(1200);
  expect(first.messages.at(-1)).toBe('line 1199');
  expect(asked).toEqual([undefined, '500', '1000']);
  lines.push(line(0, 1200));
  expect((await lastRead(reader)).messages.at(-1)).toBe('line 1200');
  expect(asked).toEqual([undefined, '500', '1000', '1000']);
});

it('keeps the last lines of a long log, says how many stand before them, and has all when they are wanted', async () => {
  const backend = backendWith(Array.from({ length: mostLogs + 700 }, line));
  const { messages, earlier } = await lastRead(new LogReader(backend, 'x'));
  expect(earlier).toBe(700);
  expect(messages).toHaveLength(mostLogs);
  expect(messages[0]).toBe('line 700');
  expect(await readWholeLog(backend, 'x')).toHaveLength(mostLogs + 700);
});
