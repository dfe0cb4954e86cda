// What people find who listen to the page, have their own colours, or use keys alone.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;
let failures: string[] = [];

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  // That something is not there is shown on purpose.
  expect(failures.filter((each) => !each.includes('404'))).toEqual([]);
});

const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(2);
const asks = `id: asks
name: Asks
steps:
  - { id: before, handler: core.set, config: { value: 1 } }
  - { id: ok, dependencies: [before], handler: core.approval, config: { prompt: "Is ${word} fine?" } }
`;

/** Opens a page on a server where an execution waits for an answer. @returns its id */
async function open(place = '', options: Parameters<typeof openPage>[2] = {}): Promise<string> {
  server = await startServer(built.folder);
  const headers = { 'content-type': 'application/yaml' };
  const { status } = await fetch(`${server.url}api/vwmp/workflows/`, { method: 'POST', headers, body: asks });
  expect(status).toBe(201);
  const { execution_id: id } = await server.platform.start('asks');
  await expect.poll(async () => (await server.platform.execution(id))?.status).toBe('waiting');
  ({ page, failures } = await openPage(built.browser, `${server.url}#/${place}`, options));
  return id;
}

const go = (place: string): Promise<unknown> => page.goto(`${server.url}#/${place}`);
const colour = (of: Locator): Promise<string> => of.evaluate((it) => getComputedStyle(it).backgroundColor);

it('tells of another page, and has the keys there when what had them is gone', async () => {
  const id = await open('workflows');
  await page.getByRole('link', { name: 'Asks', exact: true }).waitFor();
  await page.keyboard.press('Tab');
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement!.textContent!);
  expect(await focused()).toBe('Skip to the content');
  await page.getByRole('link', { name: 'Asks', exact: true }).press('Enter');
  await page.getByText('No problems').waitFor();
  expect(await page.title()).toBe('asks · Workflows · VWMP');
  expect(await page.locator('.vw-shell > [aria-live="polite"]').textContent()).toBe(await page.title());
  expect(await page.evaluate(() => document.activeElement!.id)).toBe('vw-main');
  // Those of the editor work there too.
  await page.keyboard.press('a');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  // In the list of the pages they stay.
  await page.getByRole('link', { name: 'Queues' }).press('Enter');
  await page.getByRole('heading', { name: 'Queues' }).waitFor();
  expect(await focused()).toBe('Queues');
  await go(`compare/${id}/${id}`);
  await expect.poll(() => page.title()).toBe(`${id} · compare · VWMP`);
  await go('executions/none');
  await page.getByText('This execution cannot be shown').waitFor();
  await page.getByRole('heading', { level: 1, name: 'none' }).waitFor();
});

it('shows with the colours of the system what is chosen, and what has happened', async () => {
  const id = await open('', { forcedColors: 'active' });
  const current = page.getByRole('link', { name: 'Dashboard' });
  await current.waitFor();
  expect(await colour(current)).not.toBe(await colour(page.getByRole('link', { name: 'Queues' })));
  await go(`executions/${id}?view=timeline`);
  const bar = page.locator('.vw-timeline-track > b').first();
  await bar.waitFor();
  expect(await colour(bar)).not.toBe(await colour(page.locator('.vw-execution-main')));
  const tab = page.getByRole('tab', { selected: true });
  const line = await tab.evaluate((it) => getComputedStyle(it, '::after').backgroundColor);
  expect(line).not.toBe(await colour(page.locator('.vw-execution-main')));
  const progress = page.getByRole('progressbar');
  expect(await colour(progress.locator('i'))).not.toBe(await colour(progress));
});

it.each([1280, 320])('keeps long words in their boxes, at %s pixels', async (width) => {
  const id = await open('', { width });
  const question = page.getByText(`Is ${word} fine?`).first();
  const isInside = (box: string): Promise<boolean> =>
    question.evaluate((it, selector) => {
      const range = document.createRange();
      range.selectNodeContents(it);
      const [inner, outer] = [range, it.closest(selector)!].map((each) => each.getBoundingClientRect());
      return inner!.right <= outer!.right;
    }, box);
  await question.waitFor();
  expect(await isInside('.vw-tile')).toBe(true);
  await go(`executions/${id}?step=ok`);
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  expect(await isInside('.vw-approval')).toBe(true);
});

it('shows the outline where the panel of a step lies over it, on a phone', async () => {
  await open('workflows/asks', { width: 320 });
  await page.getByText('No problems').waitFor();
  for (const show of [
    () => page.getByRole('button', { name: 'Show the side' }).click(),
    () => page.keyboard.press('o'),
  ]) {
    await page.locator('.react-flow__node[data-id="before"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.vw-panel:not([aria-busy])').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.vw-panel :focus').waitFor();
    await page.keyboard.press('Escape');
    await show();
    await page.getByRole('tab', { name: 'Outline' }).click();
    await page.getByRole('tab', { name: 'Outline', selected: true }).waitFor();
    await page.getByRole('button', { name: 'Hide the side' }).click();
  }
});

it('shows a table with a long error as wide as its card', async () => {
  await open('workflows');
  const { execution_id } = await server.platform.start({
    name: 'Fails',
    steps: [{ id: 'a', handler: 'core.fail', config: { message: `The order of ${word} is not there.` } }],
  });
  await server.platform.wait(execution_id);
  await go('');
  const frame = page.getByRole('region', { name: 'Last executions' }).locator('.vw-table-frame');
  await frame.getByText('The order of').waitFor();
  expect(await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});
