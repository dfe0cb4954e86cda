import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completion, creation, progress } from '../testing/samples.ts';
import { createFileExecutionStore } from './execution-store.ts';
import { startChild } from './testing/child.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { historyFile, readHistory } from './testing/history.ts';

const appendOn = new URL('./testing/append-on.ts', import.meta.url);
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

test('a process that is killed while it appends loses nothing that was acknowledged', {
  timeout: 60_000,
}, async () => {
  for (const [round, acknowledgements] of [1, 20, 57, 150, 400].entries()) {
    const child = startChild(appendOn, [folder, `r${round}`, '6']);
    const acknowledged = new Map<string, number>();
    let seen = 0;
    for await (const line of child.lines) {
      const [id = '', seq] = line.split(' ');
      acknowledged.set(id, Number(seq));
      if (++seen === acknowledgements) child.process.kill('SIGKILL');
    }
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL', errors: '' });
    await expectKept(acknowledged);
  }
});

test('a process that may not write any further loses nothing and says what to do', async () => {
  const child = startChild(appendOn, [folder, 'full', '3'], { fileLimit: 16 });
  const acknowledged = new Map<string, number>();
  const errors: { code: string; message: string }[] = [];
  for await (const line of child.lines) {
    const [id = '', seq] = line.split(' ');
    if (id === 'error') errors.push(JSON.parse(line.slice(6)));
    else acknowledged.set(id, Number(seq));
  }
  expect(await child.ended).toMatchObject({ code: 0, errors: '' });
  expect(errors[0]?.code).toBe('STORE_FULL');
  expect(errors[0]?.message).toContain(folder);
  expect(errors[0]?.message).toContain('may not become that large');
  expect(acknowledged.size).toBe(3);
  await expectKept(acknowledged);
});

test('wherever a write was interrupted, what was there before stays and it goes on', {
  timeout: 60_000,
}, async () => {
  const id = 'torn';
  const file = historyFile(folder, id);
  const whole = await record(id);
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
  for (let length = lastLine; length < whole.length; length += 3) {
    writeFileSync(file, whole.subarray(0, length));
    expect(await readHistory(folder, id)).toHaveLength(3);
    const store = createFileExecutionStore({ folder });
    await store.open();
    expect((await store.list()).results).toMatchObject([{ id, status: 'running' }]);
    // Twice, so that the rest of the first is followed by another rest.
    await store.append(progress(id, 3));
    truncateSync(file, readFileSync(file).length - 1 - (length % 50));
    expect(await readHistory(folder, id)).toHaveLength(3);
    await store.append(progress(id, 3, 2));
    await store.append(completion(id, 5));
    await store.close();
    expect((await readHistory(folder, id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

test('an execution whose creation was interrupted is not there and can be created', async () => {
  const id = 'torn';
  const file = historyFile(folder, id);
  const whole = await record(id);
  const firstLine = whole.indexOf('\n');
  for (const length of [0, 1, 40, firstLine]) {
    writeFileSync(file, whole.subarray(0, length));
    const store = createFileExecutionStore({ folder });
    await store.open();
    expect(await store.get(id)).toBeUndefined();
    expect((await store.list()).count).toBe(0);
    await store.append(creation(id));
    expect((await store.get(id))?.seq).toBe(1);
    await store.close();
  }
});

test('what a loss of power leaves behind, such as zeros, is no event', async () => {
  const id = 'zeros';
  await record(id);
  appendFileSync(historyFile(folder, id), Buffer.alloc(5000));
  expect(await readHistory(folder, id)).toHaveLength(4);
  const store = createFileExecutionStore({ folder });
  await store.open();
  await store.append(progress(id, 4));
  await store.close();
  expect(await readHistory(folder, id)).toHaveLength(5);
});

test('a file that is no history is left alone', async () => {
  await record('mine');
  const stray = historyFile(folder, 'other').replace('.jsonl', '.bak');
  mkdirSync(dirname(stray), { recursive: true });
  writeFileSync(stray, 'notes');
  const store = createFileExecutionStore({ folder });
  await store.open();
  expect((await store.list()).count).toBe(1);
  await store.close();
});

async function expectKept(acknowledged: Map<string, number>): Promise<void> {
  const store = createFileExecutionStore({ folder });
  await store.open();
  for (const [id, seq] of acknowledged) {
    const events = await readHistory(folder, id);
    expect(events.length).toBeGreaterThanOrEqual(seq);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    // All or none of an append.
    expect(events.length % 3).toBe(1);
    await store.append(progress(id, events.length, 3));
    expect(await readHistory(folder, id)).toHaveLength(events.length + 3);
  }
  await store.close();
}

/** An execution with four events in three appends, as the bytes of its file. */
async function record(id: string): Promise<Buffer> {
  const store = createFileExecutionStore({ folder });
  await store.open();
  await store.append(creation(id));
  await store.append(progress(id, 1, 2));
  await store.append(completion(id, 3));
  await store.close();
  return readFileSync(historyFile(folder, id));
}
