// docs/designer.md shows what there is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowEngine } from '@vwmp/core';
import { expect, test } from 'vitest';
import { type CommandHost, editorCommands, showKeys } from './editor/commands.ts';

const folder = join(import.meta.dirname, '../../../docs');
const page = readFileSync(join(folder, 'designer.md'), 'utf8');

test('the workflow of the page is right, and executes up to its question', async () => {
  const [, text] = /^```yaml\n(.*?)^```/ms.exec(page)!;
  const engine = new WorkflowEngine();
  const execution = await engine.startWorkflow(text!, { day: 'Monday' }, { id: 'shown' });
  await expect
    .poll(() => execution.snapshot().steps)
    .toMatchObject({ large: { output: [{ id: 2, total: 80 }] }, ask: { status: 'waiting' } });
  await engine.decideApproval('shown', 'ask', { approved: true });
  expect((await execution.result).status).toBe('success');
});

test('keys do what the page says', () => {
  const commands = editorCommands({ editor: {} } as CommandHost);
  const rows = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(8);
  for (const [, keys, does] of rows) {
    const command = commands.find(({ label }) => label === does);
    expect(
      command?.keys.map((each) => showKeys(each, false)),
      does,
    ).toContain(keys);
  }
});

test('images and pages that it points to are there', () => {
  const targets = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(4);
  for (const target of targets) expect(existsSync(join(folder, target)), target).toBe(true);
});
