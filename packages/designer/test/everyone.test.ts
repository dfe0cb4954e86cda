// The page for everyone: with the keyboard alone, in another direction, on a narrow screen, and with a slip of the mouse.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plugins } from '@vwmp/plugins';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const flow = `id: flow
name: "طلبات اليوم (v2) import"
parameters:
  - { name: day, type: string }
  - { name: shop, type: string }
triggers:
  - { schedule: "0 6 * * *" }
  - { schedule: "0 7 * * *" }
steps:
  - { id: a, name: "קבצים (1)", handler: core.set, config: { value: 1 } }
  - { id: b, handler: core.set, config: { value: 2 } }
  - id: c
    handler: http.request
    dependencies: [a, b]
    config: { url: "https://example.com", headers: { one: "1", two: "2" } }
`;

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;
let failures: string[] = [];

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  expect(failures).toEqual([]);
});

async function open(options: { width?: number; select?: string } = {}): Promise<void> {
  server = await startServer(built.folder, {}, plugins);
  const { ok } = await fetch(`${server.url}api/vwmp/workflows/`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: flow,
  });
  expect(ok).toBe(true);
  ({ page, failures } = await openPage(built.browser, `${server.url}#/workflows/flow`, options));
  await page.locator('.vw-editor:not([aria-busy])').waitFor();
  if (options.select) await page.locator(`.react-flow__node[data-id="${options.select}"]`).click();
}

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const focused = (): Promise<string | null | undefined> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
  );
const left = (each: Locator): Promise<number> =>
  each.evaluate((e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return Math.round(range.getBoundingClientRect().left);
  });

/** Presses a button with the keyboard, and tells what has the focus when the button is gone. */
async function after(name: string): Promise<string | null | undefined> {
  await button(name).press('Enter');
  await button(name).waitFor({ state: 'detached' });
  return focused();
}

it('goes on with what comes next when a parameter or a trigger is removed', async () => {
  await open();
  await page.getByRole('tab', { name: /^Parameters/ }).click();
  expect(await after('Remove parameter day')).toBe('Remove parameter shop');
  expect(await after('Remove parameter shop')).toBe('Add a parameter');
  await page.getByRole('tab', { name: /^Triggers/ }).click();
  await button('Remove trigger 1').press('Enter');
  await button('Remove trigger 2').waitFor({ state: 'detached' });
  expect(await focused()).toBe('Remove trigger 1');
  expect(await after('Remove trigger 1')).toBe('Add a schedule');
});

it('goes on with what comes next when an entry of a mapping or a dependency is removed', async () => {
  await open({ select: 'c' });
  expect(await after('Remove one')).toBe('Remove two');
  expect(await after('Remove two')).toBe('New name in headers');
  await page.getByRole('tab', { name: 'Flow' }).click();
  expect(await after('Do not depend on a')).toBe('Do not depend on b');
  await after('Do not depend on b');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
});

it('goes on with the next step when one is deleted in the outline', async () => {
  await open();
  await page.getByRole('tab', { name: 'Outline' }).click();
  const row = (id: string): Locator => page.locator(`.vw-outline-main[data-step="${id}"]`);
  const order = await page
    .locator('.vw-outline-main')
    .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.step!));
  for (const [at, id] of order.entries()) {
    const next = order[at + 1];
    await button(`What to do with ${id}`).press('Enter');
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
    await row(id).waitFor({ state: 'detached' });
    if (next) expect(await row(next).evaluate((e) => e === document.activeElement)).toBe(true);
    else expect(await focused()).toBe('Add a step');
  }
});

it('keeps the focus where something was saved', async () => {
  await open();
  await page.getByLabel('Description', { exact: true }).fill('Of a day');
  await button('Save').press('Enter');
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect(await focused()).toBe('Save');
  expect(await button('Save').isDisabled()).toBe(true);
});

it('shows names of another direction in theirs, where the others stand', async () => {
  await open();
  const title = page.locator('.react-flow__node[data-id="a"] .vw-step-title');
  expect(await title.evaluate((e) => getComputedStyle(e).direction)).toBe('rtl');
  expect(await left(title)).toBe(await left(page.locator('.react-flow__node[data-id="a"] .vw-step-handler')));
  expect(await left(page.getByRole('heading', { level: 1 }))).toBeLessThan(300);
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  expect(await name.evaluate((e) => getComputedStyle(e).direction)).toBe('rtl');
  expect(await page.getByLabel('Id', { exact: true }).evaluate((e) => getComputedStyle(e).direction)).toBe(
    'ltr',
  );
});

it('has its toolbar on two lines of a phone, also with work that is not saved', async () => {
  await open({ width: 320 });
  const lines = async (): Promise<number> =>
    new Set(
      await page.locator('.vw-toolbar button').evaluateAll((all) =>
        all.map((e) => {
          const { top, bottom } = e.getBoundingClientRect();
          return Math.round((top + bottom) / 16);
        }),
      ),
    ).size;
  expect(await lines()).toBe(2);
  await button('Details').click();
  await page.getByLabel('Description', { exact: true }).fill('Of a day');
  await page.getByText('Not saved', { exact: true }).waitFor();
  await page.getByText('No problems').waitFor();
  expect(await lines()).toBe(2);
  const box = await button('Run').boundingBox();
  expect(box!.x + box!.width).toBeLessThanOrEqual(320);
});

it('stays where a file is dropped that nothing takes', async () => {
  await open();
  await page.getByLabel('Description', { exact: true }).fill('Of a day');
  const file = join(built.folder, 'dropped.txt');
  writeFileSync(file, 'Dear all,');
  const devtools = await page.context().newCDPSession(page);
  for (const place of ['.vw-panel-title', '.vw-nav', '.vw-panel input']) {
    const box = (await page.locator(place).first().boundingBox())!;
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', {
        type,
        x: box.x + box.width / 2,
        y: box.y + box.height / 2,
        data: { items: [], files: [file], dragOperationsMask: 1 },
      });
  }
  expect(await page.getByLabel('Description', { exact: true }).inputValue()).toBe('Of a day');
  expect(page.url()).toContain('#/workflows/flow');
  expect(page.context().pages()).toHaveLength(1);
});
