// Lists that are longer than a page, the way back through them, and what is told of executions.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launch, type Served, servePage } from './browser.ts';
import { openPage, startServer, type TestServer } from './server.ts';

let browser: Browser;
let built: Served;
let server: TestServer;
let page: Page;
let failures: string[] = [];

beforeAll(async () => {
  [browser, built] = await Promise.all([launch(), servePage(join(import.meta.dirname, '../src/page'))]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await built?.close();
});
afterEach(async () => {
  await page?.context().close();
  await server?.close();
  expect(failures).toEqual([]);
});

/** Opens a page on a server with these documents. */
async function open(place: string, documents: readonly string[]): Promise<void> {
  server = await startServer(built.folder);
  for (const body of documents) {
    const headers = { 'content-type': 'application/yaml' };
    const { status } = await fetch(`${server.url}api/vwmp/workflows/`, { method: 'POST', headers, body });
    expect(status).toBe(201);
  }
  ({ page, failures } = await openPage(browser, `${server.url}#/${place}`));
}

const go = (place: string): Promise<unknown> => page.goto(`${server.url}#/${place}`);
const start = async (id: string, parameters = {}): Promise<string> =>
  (await server.platform.start(id, parameters)).execution_id;

const set = (id: string, name = id): string =>
  `id: ${id}\nname: "${name}"\nsteps:\n  - { id: a, handler: core.set, config: { value: 1 } }\n`;
const asks = `id: asks
parameters: [{ name: n, type: integer, default: 0 }]
name: Asks
steps:
  - id: ok
    handler: core.approval
    config:
      prompt: "Approve number \${parameters.n}?"
      form: { type: object, properties: { carrier: { type: string, title: Carrier } }, required: [carrier] }
`;

it('shows more of the workflows, and how many there are', async () => {
  await open(
    'workflows',
    Array.from({ length: 120 }, (_, at) => set(`w-${at}`)),
  );
  const rows = page.getByRole('table', { name: 'Workflows' }).getByRole('row');
  await page.getByText('100 of 120').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => rows.count()).toBe(121);
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
});

it('leads to those who have waited longest for a person', async () => {
  await open('', [asks]);
  for (let n = 0; n < 104; n++) await start('asks', { n });
  await expect
    .poll(async () => (await server.platform.storage.executions.list({ status: ['waiting'] })).count)
    .toBe(104);
  await go('approvals');
  await page.getByRole('heading', { name: 'Approve number 103?' }).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('heading', { name: 'Approve number 0?' }).waitFor();
});

it('goes back a page of the list, and clears a search by the link in the menu', async () => {
  await open('', [set('one')]);
  for (let n = 0; n < 120; n++) await start('one');
  await go('executions');
  await page.getByText('120 in all').waitFor();
  const [older, newer] = [
    page.getByRole('button', { name: 'Older' }),
    page.getByRole('button', { name: 'Newer' }),
  ];
  await older.click();
  await expect.poll(() => page.url()).toContain('cursor=');
  const second = page.url();
  await older.click();
  await expect.poll(() => page.url()).not.toBe(second);
  await page.goBack();
  await expect.poll(() => page.url()).toBe(second);
  await newer.click();
  await expect.poll(() => page.url()).not.toContain('cursor=');
  expect(await newer.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByText('No execution is like that').waitFor();
  await page.goBack();
  await page.getByText('120 in all').waitFor();
  const search = page.getByLabel('Search executions');
  await search.pressSequentially('nothing', { delay: 100 });
  await expect.poll(() => page.url()).toContain('q=nothing');
  expect(await search.inputValue()).toBe('nothing');
  await page.getByRole('link', { name: 'Executions', exact: true }).click();
  await expect.poll(() => search.inputValue()).toBe('');
  await page.getByText('120 in all').waitFor();
  await page.waitForTimeout(400);
  expect(page.url()).not.toContain('q=');
});

it('counts every execution of the last day, and says what the rest of the dashboard is of', async () => {
  await open('', [
    set('one'),
    set('two').replace('core.set, config: { value: 1 }', 'core.fail, config: { message: "No." }'),
  ]);
  for (let n = 0; n < 505; n++) await start('one');
  const last = await start('two');
  await server.platform.wait(last);
  await expect
    .poll(async () => (await server.platform.storage.executions.list({ status: ['success'] })).count)
    .toBe(505);
  await go('');
  await page.getByText('505 of 506').waitFor();
  await page.getByText('of the last 500', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Executions by hour, of the last 500 executions' }).waitFor();
});
