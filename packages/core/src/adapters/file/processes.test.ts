import { afterEach, beforeEach, expect, test } from 'vitest';
import { creation, draftOf } from '../testing/samples.ts';
import { createFileExecutionStore, createFileWorkflowStore } from './index.ts';
import { type Child, startChild } from './testing/child.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { readHistory } from './testing/history.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

test('of several processes that append to one execution each event has one winner', {
  timeout: 60_000,
}, async () => {
  const executions = createFileExecutionStore({ folder });
  await executions.open();
  await executions.append(creation('e1'));
  await executions.close();
  const script = new URL('./testing/contend.ts', import.meta.url);
  const outcomes = await outputOf([1, 2, 3].map(() => startChild(script, [folder, 'e1', '200'])));
  const won = outcomes.filter((line) => line.startsWith('won')).map((line) => Number(line.slice(4)));
  expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 199 }, (_, index) => index + 2));
  expect(outcomes).toContain('lost');
  expect((await readHistory(folder, 'e1')).map(({ seq }) => seq)).toEqual([1, ...won]);
});

test('of several processes that save one workflow nobody overwrites another', {
  timeout: 60_000,
}, async () => {
  const workflows = createFileWorkflowStore({ folder });
  await workflows.open();
  await workflows.save(draftOf('w1', { note: '0' }), undefined);
  const script = new URL('./testing/save-on.ts', import.meta.url);
  const outcomes = await outputOf([1, 2, 3].map(() => startChild(script, [folder, 'w1', '60'])));
  const saved = outcomes.filter((line) => line.startsWith('saved')).map((line) => Number(line.slice(6)));
  expect(saved.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect((await workflows.get('w1'))?.text).toContain('# 60\n');
  await workflows.close();
});

async function outputOf(children: Child[]): Promise<string[]> {
  const outputs = children.map(async ({ lines, ended }) => {
    const output: string[] = [];
    for await (const line of lines) output.push(line);
    expect(await ended).toEqual({ code: 0, signal: null, errors: '' });
    return output;
  });
  return (await Promise.all(outputs)).flat();
}
