import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from './browser.ts';
import { openPage } from './server.ts';

const example = join(import.meta.dirname, '../../../examples/embed/page/serve.ts');
const server = spawn(process.execPath, [example], {
  env: { ...process.env, PORT: '0', NODE_OPTIONS: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let url = '';
let browser: Awaited<ReturnType<typeof launch>>;

beforeAll(async () => {
  browser = await launch();
  for await (const line of createInterface({ input: server.stdout })) {
    url = line;
    break;
  }
});
afterAll(async () => {
  await browser?.close();
  server.kill();
});

it('edits and executes in a page in plain HTML, as the example shows it', async () => {
  const { page, failures } = await openPage(browser, url);
  const designer = page.locator('vwmp-designer');
  await designer.getByText('No problems').waitFor();
  await designer.locator('.react-flow__node[data-id="pack"]').click();
  await designer.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click();
  const execution = page.locator('vwmp-execution');
  await execution.getByText('Succeeded').first().waitFor();
  await execution.getByRole('tab', { name: 'Log' }).click();
  await execution.getByText('3 items are on their way').first().waitFor();
  // Browsers ask every page for an icon.
  expect(failures.filter((text) => !text.includes('404'))).toEqual([]);
  await page.context().close();
});
