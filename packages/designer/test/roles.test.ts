// Someone whose key may do less than everything: it is said, and nothing is offered that the server refuses.
import { join } from 'node:path';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const flow = `id: flow
name: Flow
triggers:
  - schedule: "0 6 * * *"
parameters:
  - { name: day, type: string, default: today }
steps:
  - { id: load, handler: core.set, config: { value: "\${parameters.day}" } }
  - { id: ask, handler: core.approval, dependencies: [load], config: { prompt: Send it? } }
`;
const keys = {
  editor: 'a-key-of-thirty-two-characters-for-editors',
  viewer: 'a-key-of-thirty-two-characters-for-viewers',
  executor: 'a-key-of-thirty-two-characters-for-executors',
};
const missing = { error: { code: 'API_KEY_INVALID', message: 'This API key is not known.' } };

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;
let failures: string[] = [];
/** What the server refused to the page. */
let refused: string[] = [];

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  expect(failures.filter((text) => !/status of 4(0|12)/.test(text))).toEqual([]);
});

async function open(role: keyof typeof keys, place: string): Promise<void> {
  server = await startServer(built.folder, {
    VWMP_API_AUTH: 'keys',
    VWMP_API_KEYS: Object.entries(keys)
      .map(([name, key]) => `${name}:${name}:${key}`)
      .join(','),
  });
  const { status } = await fetch(`${server.url}api/vwmp/workflows/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.editor}`, 'content-type': 'application/yaml' },
    body: flow,
  });
  expect(status).toBe(201);
  refused = [];
  ({ page, failures } = await openPage(built.browser, `${server.url}#/${place}`));
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(new URL(answer.url()).pathname);
  });
  await page.getByLabel('API key').fill(keys[role]);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const go = (place: string): Promise<unknown> => page.goto(`${server.url}#/${place}`);
const button = (name: string | RegExp, at: Page | Locator = page): Locator =>
  at.getByRole('button', { name, exact: true });
const start = async (): Promise<string> => {
  const { execution_id: id } = await server.platform.start('flow');
  await expect.poll(async () => (await server.platform.execution(id))?.status).toBe('waiting');
  return id;
};

/** It is disabled, says why to everyone, and does nothing. */
async function expectRefused(which: Locator, needed: string): Promise<void> {
  expect(await which.getAttribute('aria-disabled')).toBe('true');
  expect(await which.getAttribute('aria-description')).toContain(`“${needed}” is needed`);
  await which.focus();
  expect(await which.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

it('shows a workflow to a viewer as it is, all of it, and offers no change of it', async () => {
  await open('viewer', 'workflows/flow');
  await page.getByText('Read only: your key has the role “viewer”.').waitFor();
  await page.getByText('No problems').waitFor();
  await page.locator('.vw-toolbar').getByText('Read only', { exact: true }).waitFor();
  for (const name of ['Add step', 'Save']) await expectRefused(button(name), 'editor');
  await expectRefused(button('Run'), 'executor');
  expect(await page.getByRole('dialog').count()).toBe(0);
  // What can be added is not offered; what there is stands in its place.
  expect(await page.getByRole('tab', { name: 'Add', exact: true }).count()).toBe(0);
  await button(/^load/).first().waitFor();

  await page.locator('.react-flow__node[data-id="ask"]').click();
  const panel = page.locator('.vw-panel');
  const prompt = panel.getByLabel('Prompt');
  expect(await prompt.inputValue()).toBe('Send it?');
  expect(await prompt.isEditable()).toBe(false);
  await expectRefused(button('Delete step', panel), 'editor');
  await page.locator('.react-flow__node[data-id="ask"]').click();
  for (const key of ['a', 'Delete', 'Control+d', 'Control+s', 'Control+Enter']) {
    await page.keyboard.press(key);
    await page
      .getByText(/ is needed\.$/)
      .first()
      .waitFor();
  }
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.locator('.react-flow__node').count()).toBe(2);
  await page.locator('.react-flow__node[data-id="ask"]').click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'What to do' });
  expect(await menu.getByRole('menuitem', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true');
  expect(await menu.getByRole('menuitem', { name: 'Copy as YAML' }).getAttribute('aria-disabled')).toBeNull();
  await page.keyboard.press('Escape');

  await button('YAML').click();
  await page.locator('.cm-content').click();
  await page.keyboard.type('x');
  expect(await page.locator('.cm-content').getAttribute('aria-readonly')).toBe('true');
  expect(await page.getByText('Not saved', { exact: true }).count()).toBe(0);
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
  expect(refused).toEqual([]);
});

it('refuses a viewer what it would be refused, wherever it stands, and lets a dry run be', async () => {
  await open('viewer', '');
  const id = await start();
  await expectRefused(button('New workflow'), 'editor');
  await go('workflows');
  await expectRefused(button('Delete flow'), 'editor');
  await expectRefused(button('New workflow'), 'editor');
  await go('workflows?new=1');
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Mine');
  await expectRefused(button('Create'), 'editor');
  await go(`executions/${id}`);
  await expectRefused(button('Signal'), 'executor');
  await expectRefused(button('Cancel'), 'executor');
  await go('approvals');
  for (const name of ['Approve', 'Reject']) await expectRefused(button(name), 'executor');
  await go('schedules');
  await expectRefused(button('Pause'), 'editor');
  await go('queues');
  await expectRefused(button('Pause').first(), 'admin');
  await button('Pause').first().hover();
  await page.locator('.vw-tooltip', { hasText: '“admin” is needed' }).waitFor();

  await go('settings');
  await page.getByRole('main').getByText('“admin” is needed').waitFor();

  await go('workflows/flow');
  await button('Dry run').click();
  const dialog = page.getByRole('dialog');
  await button('Try it', dialog).click();
  await button(/^ask/, dialog).first().click();
  await button('Approve', dialog).click();
  await dialog.getByRole('article').getByText('Succeeded').first().waitFor();
  expect((await server.platform.execution(id))!.status).toBe('waiting');
  expect(refused).toEqual([]);
});

it('shows a viewer what is stored, and leaves the work of someone else in the browser alone', async () => {
  await open('viewer', 'settings');
  await page.getByText('Read only: your key').waitFor();
  const draft = JSON.stringify({ rev: 'x', text: flow.replace('Flow', 'Mine') });
  await page.evaluate((text) => localStorage.setItem('vwmp.draft.flow', text), draft);
  await go('workflows/flow');
  await page.getByText('No problems').waitFor();
  expect(await page.locator('.vw-panel').getByLabel('Name', { exact: true }).inputValue()).toBe('Flow');
  expect(await page.getByText('Not saved', { exact: true }).count()).toBe(0);
  await go('settings');
  expect(await page.evaluate(() => localStorage.getItem('vwmp.draft.flow'))).toBe(draft);
});

it('finds what was not saved when someone goes on with a key that may do more', async () => {
  await open('editor', 'workflows/flow');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Mine');
  await page.getByText('Not saved', { exact: true }).waitFor();
  await page.evaluate((key) => sessionStorage.setItem('vwmp.key', key), keys.viewer);
  await page.reload();
  await expect.poll(() => name.inputValue()).toBe('Flow');
  // The server does not accept that key any more.
  await page.route('**/api/vwmp/executions/?*', (route) =>
    route.request().headers().authorization === `Bearer ${keys.viewer}`
      ? route.fulfill({ status: 401, json: missing })
      : route.continue(),
  );
  await page.getByRole('tab', { name: 'Executions' }).click();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await page.getByLabel('API key').fill(keys.editor);
  await button('Sign in').click();
  await page.getByRole('tab', { name: 'Designer' }).click();
  await page.getByText('your work from before the page was left').waitFor();
  await expect.poll(() => name.inputValue()).toBe('Mine');
  await button('Save').click();
  await expect.poll(async () => (await server.platform.workflows.get('flow'))!.text).toContain('name: Mine');
});

it('leaves what could not be saved to be decided by someone who may save, though a viewer looks meanwhile', async () => {
  await open('editor', 'workflows/flow');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Mine');
  const theirs = await fetch(`${server.url}api/vwmp/workflows/flow/`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${keys.editor}`, 'content-type': 'application/yaml' },
    body: flow.replace('Flow', 'Theirs'),
  });
  expect(theirs.status).toBe(200);
  await button('Save').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Theirs was saved').waitFor();
  const become = async (role: keyof typeof keys): Promise<void> => {
    await page.evaluate((key) => sessionStorage.setItem('vwmp.key', key), keys[role]);
    await page.reload();
  };
  await become('viewer');
  await page.getByText('No problems').waitFor();
  expect(await name.inputValue()).toBe('Theirs');
  expect(await dialog.count()).toBe(0);
  await go('queues');
  await page.getByText('someone else has changed it meanwhile').waitFor();
  await become('editor');
  await page.getByRole('link', { name: 'Decide what stays' }).click();
  await dialog.getByText('Theirs was saved').waitFor();
  await button('Save mine over it', dialog).click();
  await expect.poll(async () => (await server.platform.workflows.get('flow'))!.text).toContain('name: Mine');
});

it('lets an executor run, decide and cancel, and says that it cannot save', async () => {
  await open('executor', 'workflows/flow');
  await page.getByText('Workflows are read only: your key has the role “executor”.').waitFor();
  await expectRefused(button('Save'), 'editor');
  await page.locator('.react-flow__node[data-id="ask"]').click();
  await expectRefused(button('Test step'), 'editor');
  await button('Run').click();
  await button('Run', page.getByRole('dialog')).click();
  await button(/^ask/).first().click();
  await button('Approve').click();
  await page.getByText('Succeeded').first().waitFor();
  const id = await start();
  await go(`executions/${id}`);
  await button('Cancel').click();
  await expect.poll(async () => (await server.platform.execution(id))?.status).toBe('cancelled');
  expect(refused).toEqual([]);
});
