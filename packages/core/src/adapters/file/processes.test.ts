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
  const outcomes = await outputOf([1, 2, 3].map(() => startChild(script, [folder, 'e1', '200', '3'])));
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

test('of several processes that claim each claim has one winner, and every execution goes round', {
  timeout: 60_000,
}, async () => {
  const ids = Array.from({ length: 8 }, (_, n) => `e${n}`);
  const executions = createFileExecutionStore({ folder });
  await executions.open();
  for (const id of ids) await executions.append({ ...creation(id), wake_at: undefined });
  const script = new URL('./testing/claim-on.ts', import.meta.url);
  const claims = await outputOf([1, 2, 3].map((n) => startChild(script, [folder, `w${n}`, '10'])));
  const expected = ids.flatMap((id) => Array.from({ length: 10 }, (_, n) => `${id} ${n + 2}`));
  expect(claims.sort()).toEqual(expected.sort());
  for (const id of ids) {
    expect(await executions.get(id)).toMatchObject({ epoch: 11, seq: 11 });
    expect((await readHistory(folder, id)).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  }
  await executions.close();
});

test('of several processes that use a key one creates, also when one is killed in between', {
  timeout: 60_000,
}, async () => {
  const script = new URL('./testing/create-on.ts', import.meta.url);
  const [victim, ...others] = ['a', 'b', 'c'].map((name) => startChild(script, [folder, name, '40']));
  const killed = (async () => {
    let seen = 0;
    for await (const _ of victim!.lines) if (++seen === 15) victim!.process.kill('SIGKILL');
  })();
  const [lines] = await Promise.all([outputOf(others), killed]);
  const executions = createFileExecutionStore({ folder });
  await executions.open();
  const created = (await executions.list({ limit: 500 })).results.map(({ id }) => id);
  for (let n = 0; n < 40; n++) {
    const holder = (await executions.findByKey('sample', `key-${n}`))!.id;
    expect(created.filter((id) => id.endsWith(`-${n}`))).toEqual([holder]);
    expect(lines.filter((line) => line.startsWith(`key-${n} `))).toEqual(Array(2).fill(`key-${n} ${holder}`));
  }
  await executions.close();
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
