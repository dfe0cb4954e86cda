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

it('gives keys that are pressed beside everything to the designer that was used last, and to no other', async () => {
  const { page } = await openPage(browser, url);
  await page.evaluate(() => {
    const first = document.querySelector('vwmp-designer') as HTMLElement & { backend: unknown };
    const second = document.createElement('vwmp-designer') as typeof first;
    second.backend = first.backend;
    second.setAttribute('workflow', 'order');
    first.after(second);
  });
  const designers = page.locator('vwmp-designer');
  await expect.poll(() => designers.getByText('No problems').count(), { timeout: 20_000 }).toBe(2);
  const dialogs = page.locator('dialog[open]');
  // Nobody has touched one yet: none is meant.
  await page.keyboard.press('a');
  for (const [mine, other] of [
    [1, 0],
    [0, 1],
  ] as const) {
    await designers.nth(mine).getByRole('button', { name: 'Zoom in' }).click();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('a');
    await designers.nth(mine).getByRole('dialog', { name: 'Add a step' }).waitFor();
    expect(await dialogs.count()).toBe(1);
    expect(await designers.nth(other).getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialogs.count()).toBe(0);
  }
  await page.context().close();
});
