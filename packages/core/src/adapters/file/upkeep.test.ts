import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import { completion, creation, epochStart, progress, second } from '../testing/samples.ts';
import { createFileExecutions } from './executions.ts';
import { ownFolder, prepareOwnFolder } from './folders.ts';
import { createFileStorage } from './index.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';

const longAgo = new Date(Date.now() - 48 * 3_600_000);
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

const inside = (...path: string[]): string => join(folder, '.vwmp', ...path);
const marked = (): string[] => readdirSync(inside('active'));

test('nothing of what has ended stays where work is looked for, or in memory', async () => {
  await prepareOwnFolder(folder);
  const executions = createFileExecutions({
    ...{ own: ownFolder(folder), logger: undefined, clock: Date },
    onForget: async () => undefined,
  });
  await executions.prepare();
  await executions.append(creation('receiver'));
  const ids = Array.from({ length: 50 }, (_, n) => `e${n}`);
  await Promise.all(ids.map((id) => executions.append(creation(id))));
  expect(marked()).toHaveLength(51);
  const message = (id: string) => ({ id: `m-${id}`, execution_id: 'receiver', body: null });
  await Promise.all(ids.map((id) => executions.append({ ...completion(id, 1), messages: [message(id)] })));
  expect(marked()).toHaveLength(1);
  for (const id of ids) await executions.get(id);
  expect([...executions.index.known.keys()].map((path) => basename(path).split('~')[0])).toEqual([
    'receiver',
  ]);
  expect(await executions.messages('receiver')).toHaveLength(50);
});

test('what is pruned leaves no file behind', async () => {
  const storage = createFileStorage({ folder });
  await storage.open();
  await storage.executions.append({ ...creation('e1'), origin: { idempotency_key: 'k' } });
  await storage.logs.add([{ execution_id: 'e1', timestamp: second(1), level: 'info', message: 'm' }]);
  await storage.executions.append(completion('e1', 1));
  const files = (): string[] =>
    ['executions', 'keys', 'logs', 'active'].flatMap((name) =>
      readdirSync(inside(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(name, entry.name)),
    );
  expect(files()).toHaveLength(3);
  expect(await storage.executions.prune({ max_count: 0 }, epochStart + 1_000_000, 10)).toBe(1);
  expect(files()).toEqual([]);
  await storage.close();
});

test('markers that a crash left are tidied up, and none that is needed', async () => {
  const storage = createFileStorage({ folder });
  const { executions } = storage;
  await storage.open();
  await executions.append(creation('going'));
  await executions.append(creation('ended'));
  const [marker] = marked().filter((name) => name.includes('ended'));
  await executions.append(completion('ended', 1));
  // The process was killed before it removed the marker, or after it made one and before the execution was there.
  writeFileSync(inside('active', marker!), '');
  const young = marker!.replace('ended', 'young');
  const old = marker!.replace('ended', 'old');
  writeFileSync(inside('active', young), '');
  writeFileSync(inside('active', old), '');
  utimesSync(inside('active', old), longAgo, longAgo);
  writeFileSync(inside('active', 'notes.txt'), 'mine');
  expect(await executions.ready(Date.now(), 10)).toEqual([]);
  const going = marked().find((name) => name.includes('going'));
  expect(marked().sort()).toEqual(['notes.txt', going, young].sort());
  await storage.close();
});

test('an empty history that a full disk left is removed with its marker, unless it may be in the making', async () => {
  const storage = createFileStorage({ folder });
  const { executions } = storage;
  await storage.open();
  const files: string[] = [];
  for (const id of ['old', 'young']) {
    await executions.append(creation(id));
    const marker = marked().find((name) => name.includes(id))!;
    const file = inside('executions', marker.slice(0, 2), `${marker.slice(3)}.jsonl`);
    writeFileSync(file, '');
    files.push(file);
    if (id === 'old') utimesSync(inside('active', marker), longAgo, longAgo);
  }
  expect(await executions.ready(Date.now(), 10)).toEqual([]);
  expect(marked()).toEqual([expect.stringContaining('young')]);
  expect(files.map((file) => existsSync(file))).toEqual([false, true]);
  // The id is as free as before.
  await executions.append(creation('old'));
  await executions.append(creation('young'));
  for (const id of ['old', 'young']) expect(await executions.get(id)).toMatchObject({ id, seq: 1 });
  await storage.close();
});

test('a damaged history keeps its marker, and the others their turn', async () => {
  const logged: string[] = [];
  const logger = { log: (_level: string, message: string) => void logged.push(message) };
  const storage = createFileStorage({ folder, logger });
  const { executions } = storage;
  await storage.open();
  await executions.append({ ...creation('good'), wake_at: undefined });
  await executions.append({ ...creation('bad'), wake_at: undefined });
  const marker = marked().find((name) => name.includes('bad'))!;
  const file = inside('executions', marker.slice(0, 2), `${marker.slice(3)}.jsonl`);
  writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd()}x\n`);
  utimesSync(inside('active', marker), longAgo, longAgo);
  for (let round = 0; round < 3; round++) expect(await executions.ready(Date.now(), 10)).toEqual(['good']);
  expect(marked()).toContain(marker);
  expect(logged).toHaveLength(1);
  await storage.close();

  const strict = createFileStorage({ folder });
  await strict.open();
  await expect(strict.executions.ready(Date.now(), 10)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await strict.close();
});

test('leases that ended long ago are forgotten', async () => {
  let now = Date.now();
  const storage = createFileStorage({ folder, clock: { now: () => now } });
  const { executions } = storage;
  await storage.open();
  await executions.heartbeat('w1', 1000);
  now += 3_600_000;
  await executions.heartbeat('w2', 1000);
  await executions.append({ ...creation('e1'), owner: 'w1' });
  expect(await executions.ready(0, 10)).toEqual(['e1']);
  expect(readdirSync(inside('leases'))).toHaveLength(2);
  now += 24 * 3_600_000;
  expect(await executions.ready(0, 10)).toEqual(['e1']);
  expect(readdirSync(inside('leases'))).toHaveLength(1);
  await storage.close();
});

test('a storage that is open and idle has no timer', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const storage = createFileStorage({ folder });
  await storage.open();
  await storage.executions.heartbeat('w1', 60_000);
  await storage.executions.append({ ...creation('e1'), owner: 'w1' });
  await storage.executions.append({ ...progress('e1', 1), owner: null, wake_at: second(10 ** 9) });
  await storage.executions.nextReady();
  expect(timers()).toBeLessThanOrEqual(before);
  await storage.close();
});

test('the file of a schedule does not grow without end', async () => {
  const storage = createFileStorage({ folder });
  const { schedules } = storage;
  await storage.open();
  const schedule: ScheduleRecord = {
    ...{
      id: 's1',
      workflow_id: 'w1',
      schedule: '* * * * *',
      timezone: 'UTC',
      overlap: 'skip',
      catchup: 'all',
    },
    ...{ parameters: { text: 'x'.repeat(1000) }, paused: false, decided_until: second(0) },
  };
  await schedules.put(schedule);
  const [name] = readdirSync(inside('schedules'));
  const file = inside('schedules', name!);
  const sizes: number[] = [];
  for (let round = 0; round < 60; round++) {
    const fires = Array.from({ length: 100 }, (_, n) => ({
      ...{ schedule_id: 's1', at: second(round * 100 + n + 1), outcome: 'missed' as const },
      ...{ reason: 'x'.repeat(200), decided_at: second(0) },
    }));
    expect(await schedules.decide('s1', second(round * 100), second(round * 100 + 100), fires)).toBe(true);
    await schedules.put({ ...schedule, paused: round % 2 === 0 });
    sizes.push(statSync(file).size);
  }
  const newest = (await schedules.fires('s1', { limit: 1 })).results[0];
  expect(newest?.at).toBe(second(6000));
  expect((await schedules.fires('s1')).count).toBe(1000);
  expect(await schedules.get('s1')).toEqual({ ...schedule, decided_until: second(6000) });
  // 6,000 fires would take 1.8 MB.
  expect(Math.max(...sizes)).toBeLessThan(1_500_000);
  expect(sizes.some((size, n) => n > 0 && size < sizes[n - 1]!)).toBe(true);
  await storage.close();
  expect(existsSync(inside('schedules.lock'))).toBe(false);
});
