// What is done with executions on their own page, and what that shows through anything.
import { join } from 'node:path';
import { defineHandler, definePlugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
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
  expect(failures).toEqual([]);
});

const hanging = definePlugin({
  name: 'test',
  handlers: {
    /** Ends only when it is told to. */
    hang: defineHandler({
      title: 'Hang',
      description: 'Waits until it is cancelled.',
      config: Type.Object({}),
      execute: ({ signal }) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }),
  },
});

/** Starts a workflow on a server of its own, and shows that. @returns id of the execution */
async function open(text: string, options: Parameters<typeof openPage>[2] = {}): Promise<string> {
  server = await startServer(built.folder, {}, [hanging]);
  const stored = await fetch(`${server.url}api/vwmp/workflows/`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: text,
  });
  expect(stored.status, await stored.text()).toBe(201);
  const { execution_id } = await server.platform.start(/^id: (.*)/.exec(text)![1]!);
  ({ page, failures } = await openPage(built.browser, `${server.url}#/executions/${execution_id}`, options));
  return execution_id;
}

const button = (name: string, within: Page | Locator = page): Locator =>
  within.getByRole('button', { name, exact: true });
const status = async (id: string): Promise<string | undefined> =>
  (await server.platform.execution(id))?.status;

it('cancels without giving up what is being undone, which is asked for apart', async () => {
  const id = await open(`id: booking
name: Booking
steps:
  - id: book
    handler: core.set
    config: { value: a room }
    compensate: { handler: test.hang, config: {} }
  - id: ask
    handler: core.approval
    dependencies: [book]
    config: { prompt: Go? }
`);
  await page.getByText('A decision is waited for').waitFor();
  const asked: unknown[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/cancel/')) asked.push(request.postDataJSON());
  });
  await button('Cancel').click();
  // Said at the button also to whoever comes when that has begun.
  for (const come of [async () => {}, () => page.reload()]) {
    await come();
    await button('Give up undoing').waitFor();
    await page.getByText('what succeeded is being undone').waitFor();
  }
  expect(asked).toEqual([{ gentle: true }]);
  await button('Give up undoing').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Give up undoing?' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Give up undoing');
  expect(await status(id)).toBe('running');
  await page.keyboard.press('Enter');
  await button('Give up', dialog).click();
  await expect.poll(() => status(id)).toBe('cancelled');
  await page.getByText('Cancelled').first().waitFor();
  expect(asked).toHaveLength(2);
  expect((await server.platform.execution(id))!.compensated).toEqual([]);
});
