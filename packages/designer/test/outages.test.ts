// What a person sees while the server is away, or no longer lets the key in.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const adminKey = 'a-key-of-thirty-two-characters-or-more';
const orders = `id: orders
name: Orders of the day
steps:
  - id: fetch
    handler: core.set
    config: { value: 1 }
  - id: ask
    handler: core.approval
    dependencies: [fetch]
    config: { prompt: Send them? }
`;

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;

afterEach(async () => {
  await page?.context().close();
  await server?.close();
});

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${server.url}api/vwmp/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expect(answer.ok, `${method} ${path}: status ${answer.status}`).toBe(true);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Opens a page with a key of its own. @returns revokes it */
async function openWithKey(place: string): Promise<() => Promise<void>> {
  server = await startServer(built.folder, {
    VWMP_API_AUTH: 'keys',
    VWMP_API_KEYS: `ops:admin:${adminKey}`,
  });
  await api('POST', 'workflows/', orders);
  const { id, key } = await api<{ id: string; key: string }>('POST', 'keys/', {
    name: 'temporary',
    role: 'editor',
  });
  ({ page } = await openPage(built.browser, `${server.url}#/${place}`));
  await signIn(key);
  return async () => {
    await api('POST', `keys/${id}/revoke/`);
    // A server believes for some seconds what it has looked up.
    await server.stop();
    await server.start();
  };
}

async function signIn(key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function open(place = ''): Promise<void> {
  server = await startServer(built.folder);
  await api('POST', 'workflows/', orders);
  ({ page } = await openPage(built.browser, `${server.url}#/${place}`));
}

it('asks for another key over the editor when its own was revoked, and saves with that one', async () => {
  const revoke = await openWithKey('workflows/orders');
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  await name.fill('Mine');
  await name.blur();
  await revoke();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  // A page can hold up the first of them alone.
  for (let n = 0; n < 3; n++) await page.keyboard.press('Escape');
  // Some browsers close it then all the same.
  await page.getByRole('dialog').evaluate((dialog: HTMLDialogElement) => dialog.close());
  await signIn('vwmp_wrong_key');
  await page.locator('.vw-field-error').waitFor();
  await signIn(adminKey);
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect((await server.platform.workflows.get('orders'))!.text).toContain('name: Mine');
  expect(await page.getByRole('button', { name: /^Undo/ }).isEnabled()).toBe(true);
});

it('goes on following an execution with another key', async () => {
  const revoke = await openWithKey('executions');
  await page.getByText('Nothing has been executed yet').waitFor();
  const id = (await server.platform.start('orders', {})).execution_id;
  await page.goto(`${server.url}#/executions/${id}`);
  await page.getByText('A decision is waited for').waitFor();
  await revoke();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await signIn(adminKey);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await server.platform.decideApproval(id, 'ask', { approved: true });
  await page.getByRole('article').getByText('Succeeded').first().waitFor();
});

it.each([
  ['', 'Last executions'],
  ['workflows', 'Orders of the day'],
  ['executions', 'orders'],
  ['approvals', 'Send them?'],
  ['queues', 'executions'],
])('says that %j is not up to date while the server is away', async (place, text) => {
  await open();
  await server.platform.start('orders', {});
  await page.clock.install();
  await page.goto(`${server.url}#/${place}`);
  await page.locator('.vw-page').getByText(text).first().waitFor();
  await server.stop();
  if (place === 'workflows') await page.getByLabel('Search workflows').fill('ord');
  await page.clock.runFor(12_000);
  const line = page.getByText('Not up to date: The server cannot be reached.');
  await line.waitFor();
  await page.locator('.vw-page').getByText(text).first().waitFor();
  await server.start();
  await line.getByRole('button', { name: 'Try again' }).click();
  await line.waitFor({ state: 'detached' });
});

it('shows an execution that was opened while the server was away', async () => {
  await open('executions');
  const { execution_id: first } = await server.platform.start('orders', {});
  await page.goto(`${server.url}#/executions/${first}`);
  await page.getByText('A decision is waited for').waitFor();
  const { execution_id: other } = await server.platform.start('orders', {});
  await server.stop();
  await page.goto(`${server.url}#/executions/${other}`);
  await page.getByText('It is tried again by itself.').waitFor();
  await server.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('article', { name: `Execution ${other}` }).waitFor();
});

it('keeps the editor when a part of it cannot be loaded, and loads that when the server is back', async () => {
  await open('workflows/orders');
  await page.getByText('No problems').waitFor();
  await page.route('**/assets/*.js*', (route) => route.abort());
  await page.locator('.react-flow__node[data-id="fetch"]').click();
  const failed = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
  await failed.waitFor();
  await page.locator('.react-flow__node[data-id="ask"]').waitFor();
  await page.unrouteAll();
  await failed.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('region', { name: 'Step fetch' }).getByLabel('Value').first().waitFor();
});

it('shows a dialog that could not be loaded when the server is back', async () => {
  await open('workflows/orders');
  await page.getByText('No problems').waitFor();
  await page.route('**/assets/*.js*', (route) => route.abort());
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await expect.poll(async () => (await again.boundingBox())!.y).toBeLessThan(860);
  await page.unrouteAll();
  await again.click();
  await page.getByRole('dialog', { name: 'Run orders' }).waitFor();
});

it('creates one workflow when the answer was lost, or says that there are two', async () => {
  await open('workflows');
  const ids = async () => (await server.platform.workflows.list({})).results.map(({ id }) => id).toSorted();
  const create = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
  };
  /** The server gets what is sent; the page hears nothing of it. */
  const cutOff = async (reads: boolean): Promise<void> => {
    await page.route('**/workflows/**', async (route) => {
      const isWrite = route.request().method() === 'POST';
      if (isWrite) await route.fetch();
      return isWrite || reads ? route.abort() : route.continue();
    });
  };
  // The answer alone: nobody notices.
  await cutOff(false);
  await create('First');
  await page.getByRole('heading', { name: 'First', level: 1 }).waitFor();
  await page.unrouteAll();
  // The server is away for longer, and asked again for the same.
  await page.goto(`${server.url}#/workflows`);
  await cutOff(true);
  await create('Second');
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.unrouteAll();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await create('Second');
  await page.getByRole('heading', { name: 'Second', level: 1 }).waitFor();
  // Or for something else: both are there only when both are wanted.
  await page.goto(`${server.url}#/workflows`);
  await cutOff(true);
  await create('Third');
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.unrouteAll();
  await page.getByRole('dialog').getByLabel('Name').fill('Fourth');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('Third was created when you tried before').waitFor();
  expect(await ids()).toEqual(['first', 'orders', 'second', 'third']);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'Fourth', level: 1 }).waitFor();
  expect(await ids()).toEqual(['first', 'fourth', 'orders', 'second', 'third']);
  // One that was there before is nobody's lost answer.
  await page.goto(`${server.url}#/workflows`);
  await create('Fourth');
  await page
    .getByRole('dialog')
    .getByText(/already/)
    .waitFor();
});

it('takes away what was told of a failure when the same is tried again', async () => {
  await open('queues');
  const row = page.getByRole('row', { name: /^executions/ });
  await row.getByRole('button', { name: 'Pause' }).waitFor();
  await page.route('**/queues/executions/*/', (route) => route.abort());
  await row.getByRole('button', { name: 'Pause' }).click();
  const failed = page.locator('.vw-toast[data-tone="failed"]');
  await failed.waitFor();
  await page.unrouteAll();
  await row.getByRole('button', { name: 'Pause' }).click();
  await page.locator('.vw-toast[data-tone="success"]').waitFor();
  expect(await failed.count()).toBe(0);
});
