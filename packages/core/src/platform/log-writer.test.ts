import { expect, test } from 'vitest';
import { VwmpError } from '../errors.ts';
import type { EventOf } from '../model/event.ts';
import type { LogEntry } from '../ports/log-store.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { createLogWriter, type LogWriter, type LogWriterOptions } from './log-writer.ts';

interface Rig {
  clock: FakeClock;
  writer: LogWriter;
  /** What was written at a time. */
  batches: string[][];
  warnings: { message: string; entries: unknown }[];
  /** What the next calls of the store fail with, or wait for. */
  store: { fail?: unknown; gate?: Promise<void>; calls: number };
  log(message: string, more?: Partial<EventOf<'log'>>): void;
}

function rig(options: Partial<LogWriterOptions> = {}): Rig {
  const clock = new FakeClock();
  const batches: string[][] = [];
  const warnings: Rig['warnings'] = [];
  const store: Rig['store'] = { calls: 0 };
  const writer = createLogWriter({
    clock,
    logger: {
      log(level, message, fields) {
        expect(level).toBe('warn');
        warnings.push({ message, entries: fields?.entries });
      },
    },
    logs: {
      async add(entries: readonly LogEntry[]) {
        store.calls++;
        await store.gate;
        if (store.fail) throw store.fail;
        if (entries.some(({ message }) => message === 'poison')) throw new TypeError('Not this one.');
        batches.push(entries.map(({ message }) => message));
      },
    },
    ...options,
  });
  const log = (message: string, more: Partial<EventOf<'log'>> = {}): void =>
    writer.add({
      ...{ event: 'log', execution_id: 'x', seq: 1, timestamp: '2030-01-01T00:00:00.000Z', level: 'info' },
      message,
      ...more,
    });
  return { clock, writer, batches, warnings, store, log };
}

const unavailable = new VwmpError('STORE_UNAVAILABLE', 'The database is away.');

test('entries of a moment are written together, in their order, with all that they have', async () => {
  const written: LogEntry[] = [];
  const { clock, log } = rig({ logs: { add: async (entries) => void written.push(...entries) } });
  log('one');
  log('two', { level: 'warn', data: { n: 1 }, step_id: 'a', index: 2 });
  await clock.advance(199);
  expect(written).toEqual([]);
  await clock.advance(1);
  const common = { execution_id: 'x', timestamp: '2030-01-01T00:00:00.000Z' };
  expect(written).toEqual([
    { ...common, level: 'info', message: 'one' },
    { ...common, level: 'warn', message: 'two', data: { n: 1 }, step_id: 'a', index: 2 },
  ]);
  expect(clock.pending).toBe(0);
});

test('many are written at once, and not more than a batch at a time', async () => {
  const { batches, log } = rig({ batch: 3 });
  for (let n = 0; n < 8; n++) log(`${n}`);
  await settle();
  expect(batches.slice(0, 2)).toEqual([
    ['0', '1', '2'],
    ['3', '4', '5'],
  ]);
  expect(batches.flat()).toHaveLength(8);
});

test('large entries are written sooner, and in smaller batches', async () => {
  const { batches, log } = rig();
  const large = 'x'.repeat(900_000);
  for (let n = 0; n < 5; n++) log(large);
  await settle();
  expect(batches.map((batch) => batch.length).slice(0, 2)).toEqual([2, 2]);
});

test('a store that is away for a while loses nothing, and changes no order', async () => {
  const { clock, batches, warnings, store, log } = rig({ batch: 2 });
  store.fail = unavailable;
  for (const message of ['a', 'b', 'c']) log(message);
  await clock.advance(20_000);
  log('d');
  expect(store.calls).toBe(5);
  store.fail = undefined;
  await clock.advance(20_000);
  expect(batches.flat()).toEqual(['a', 'b', 'c', 'd']);
  expect(warnings).toEqual([]);
});

test('a store that stays away makes entries go, with one warning that says how many and why', async () => {
  const { clock, batches, warnings, store, log } = rig({ batch: 2, limit: 5 });
  store.fail = unavailable;
  for (let n = 0; n < 8; n++) log(`${n}`);
  await clock.advance(0);
  expect(warnings).toEqual([
    { message: 'Entries of the logs of executions are lost: too many wait for the store.', entries: 1 },
  ]);
  await clock.advance(64_000);
  // The first two went after the last try; the minute of silence is over.
  expect(warnings.slice(1)).toEqual([
    {
      message:
        'Entries of the logs of executions are lost: they could not be written (The database is away.).',
      entries: 2,
    },
  ]);
  store.fail = undefined;
  await clock.advance(64_000);
  expect(batches.flat()).toEqual(['2', '3', '4', '5', '6']);
});

test('an entry that the store does not take keeps no other from being written', async () => {
  const { clock, batches, warnings, log } = rig();
  for (const message of ['a', 'b', 'poison', 'c', 'd', 'poison', 'e']) log(message);
  await clock.advance(200);
  expect(batches.flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(warnings).toHaveLength(1);
});

test('flushing waits for what was added, also when the store fails first', async () => {
  const { clock, writer, batches, store, log } = rig();
  log('a');
  await writer.flush();
  expect(batches).toEqual([['a']]);
  store.fail = unavailable;
  log('b');
  let flushed = false;
  const flushing = writer.flush().then(() => {
    flushed = true;
  });
  await clock.advance(500);
  expect(flushed).toBe(false);
  store.fail = undefined;
  await clock.advance(500);
  await flushing;
  expect(batches.flat()).toEqual(['a', 'b']);
  await writer.flush();
});

test('closing writes what is left, even what comes while another batch is being written', async () => {
  const { clock, writer, batches, warnings, store, log } = rig({ batch: 1 });
  let open = (): void => {};
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  log('a');
  log('b');
  const closing = writer.close();
  open();
  await closing;
  expect(batches.flat()).toEqual(['a', 'b']);
  log('late');
  await writer.close();
  expect(clock.pending).toBe(0);
  expect(warnings).toEqual([
    { message: 'Entries of the logs of executions are lost: the platform has been closed.', entries: 1 },
  ]);
});

test('closing does not wait for a store that is away, and says what is lost', async () => {
  const { clock, writer, warnings, store, log } = rig({ batch: 2 });
  store.fail = unavailable;
  log('a');
  await clock.advance(200);
  for (const message of ['b', 'c', 'd', 'e']) log(message);
  const flushing = writer.flush();
  await writer.close();
  await flushing;
  expect(store.calls).toBe(2);
  expect(warnings).toEqual([{ message: expect.stringContaining('The database is away.'), entries: 5 }]);
  expect(clock.pending).toBe(0);
});
