import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completion, creation, progress } from '../testing/samples.ts';
import { createFileExecutionStore } from './execution-store.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { historyFile, readHistory } from './testing/history.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = temporaryFolder();
  file = historyFile(folder, 'e1');
  const store = createFileExecutionStore({ folder });
  await store.open();
  await store.append(creation('e1'));
  await store.append(progress('e1', 1));
  await store.append(progress('e1', 2));
  await store.append(completion('e1', 3));
  await store.close();
});
afterEach(() => removeFolder(folder));

test('wherever a byte is damaged, no event is dropped or changed in silence', async () => {
  const whole = readFileSync(file);
  const intact = await readHistory(folder, 'e1');
  // Without the last line break the last line looks like an interrupted write.
  for (let position = 0; position < whole.length - 1; position += 5) {
    const damaged = Buffer.from(whole);
    damaged[position]! ^= 1 << (position % 7);
    writeFileSync(file, damaged);
    const line = whole.subarray(0, position).toString('latin1').split('\n').length;
    const error = await readHistory(folder, 'e1').then(
      () => expect.fail(`not noticed at ${position}`),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', retryable: false, details: { path: file, line } });
    expect((error as Error).message).toContain(`Line ${line} of ${file}`);
  }
  writeFileSync(file, whole);
  expect(await readHistory(folder, 'e1')).toEqual(intact);
});

test.each([
  ['a line was removed', (lines: string[]) => lines.toSpliced(1, 1)],
  ['the first line was removed', (lines: string[]) => lines.slice(1)],
  ['a line was doubled', (lines: string[]) => lines.toSpliced(1, 0, lines[1]!)],
  ['lines were swapped', (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, lines[3]!]],
  ['a line was edited', (lines: string[]) => lines.with(1, lines[1]!.replace('"number":2', '"number":20'))],
  ['a line was put in', (lines: string[]) => lines.toSpliced(2, 0, '{}')],
  ['line breaks were changed', (lines: string[]) => lines.map((line) => `${line}\r`)],
])('%s: noticed', async (_name, change) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${change(lines).join('\n')}\n`);
  await expect(readHistory(folder, 'e1')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
});

test('a damaged history hides no other: the log tells of it once, without a log the list fails', async () => {
  const logged: unknown[] = [];
  const store = createFileExecutionStore({ folder, logger: { log: (...entry) => void logged.push(entry) } });
  await store.open();
  await store.append(creation('e2'));
  writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd()}x\n`);
  expect((await store.list()).results.map(({ id }) => id)).toEqual(['e2']);
  expect((await store.list()).count).toBe(1);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatchObject(['error', expect.stringContaining(file), { line: 4 }]);
  await expect(store.get('e1')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await expect(store.append(progress('e1', 4))).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await store.close();

  const strict = createFileExecutionStore({ folder });
  await strict.open();
  await expect(strict.list()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await strict.close();
});
