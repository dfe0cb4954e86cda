// Someone works on a workflow: nothing of it is lost, and nothing happens to it that was not meant.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const flow = `id: flow
name: Flow
parameters:
  - { name: day, type: string, required: true }
steps:
  - { id: a, handler: core.set, config: { value: 1 } }
  - { id: b, handler: core.fail, dependencies: [a], config: { message: It has to } }
`;
const named = (name: string): string => flow.replace('Flow', name);
const draftKey = 'vwmp.draft.flow';

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;
let failures: string[] = [];

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  // What the server refuses, the browser tells of; tests look at what the page makes of it.
  expect(failures.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
});

async function open(place = 'workflows/flow', draft?: { text: string; rev?: string }): Promise<void> {
  server = await startServer(built.folder);
  await save(flow);
  ({ page, failures } = await openPage(built.browser, `${server.url}#/settings`));
  const rev = draft?.rev ?? (await stored())!.rev;
  if (draft) await keep(JSON.stringify({ rev, text: draft.text }));
  await page.goto(`${server.url}#/${place}`);
}

async function save(text: string, id = 'flow'): Promise<void> {
  const rev = (await stored(id))?.rev;
  const { ok, status } = await fetch(`${server.url}api/vwmp/workflows/${rev === undefined ? '' : `${id}/`}`, {
    method: rev === undefined ? 'POST' : 'PUT',
    headers: { 'content-type': 'application/yaml', ...(rev !== undefined && { 'if-match': `"${rev}"` }) },
    body: text,
  });
  expect(ok, `status ${status}`).toBe(true);
}

const stored = (id = 'flow') => server.platform.workflows.get(id);
const kept = (key = draftKey): Promise<string | null> =>
  page.evaluate((name) => localStorage.getItem(name), key);
const keep = (draft: string): Promise<void> =>
  page.evaluate(([key, value]) => localStorage.setItem(key!, value!), [draftKey, draft]);
const remove = (): Promise<unknown> =>
  fetch(`${server.url}api/vwmp/workflows/flow/`, { method: 'DELETE', headers: { 'if-match': '*' } });

const nameOf = (at = page): Locator => at.locator('.vw-panel').getByLabel('Name', { exact: true });
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const step = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
const unsaved = (): Locator => page.getByText('Not saved', { exact: true });

it('leaves the steps alone while a dialog lies over them, and closes it with Escape', async () => {
  await open();
  await step('a').click();
  await button('Run').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await dialog.getByText('"day" (string) has to be given').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
  // Also where the focus is lost, as when what had it goes.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (const key of ['Control+a', 'Delete', 'Control+d', 'a', 'Escape']) await page.keyboard.press(key);
  await dialog.waitFor({ state: 'detached' });
  expect(await page.locator('.react-flow__node').count()).toBe(2);
  expect(await unsaved().count()).toBe(0);
});

it('keeps the work of one tab while another saves', async () => {
  await open();
  await nameOf().waitFor();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await nameOf(other).fill('Of the other');
  await expect.poll(() => kept()).toContain('Of the other');
  await nameOf().fill('Mine');
  await page.getByText('Another tab has work on this workflow').waitFor();
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await stored())!.text).toBe(named('Mine'));
  await unsaved().waitFor({ state: 'detached' });
  expect(await kept()).toContain('Of the other');
  await other.reload();
  await expect.poll(() => nameOf(other).inputValue()).toBe('Of the other');
});

it('keeps the work of one tab when another has opened it too and undone it', async () => {
  await open();
  await nameOf().fill('Mine');
  await expect.poll(() => kept()).toContain('Mine');
  const other = await page.context().newPage();
  // Also while something else of the workflow is shown.
  for (const view of ['Designer', 'Executions']) {
    await page.getByRole('tab', { name: view }).click();
    await other.goto('about:blank');
    await other.goto(`${server.url}#/workflows/flow`);
    await other.getByText('your work from before the page was left').waitFor();
    await nameOf(other).fill('Flow');
    await other.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
    await expect.poll(async () => (await kept()) ?? '').toContain('Mine');
  }
  await nameOf(other).fill('Of the other');
  await other.getByText('Another tab has work on this workflow').waitFor();
});

it('tells of a conflict also when something else is shown by then', async () => {
  await open();
  await nameOf().fill('Mine');
  await save(named('Theirs'));
  const held = Promise.withResolvers<void>();
  await page.route('**/workflows/flow/', async (route) => {
    if (route.request().method() === 'PUT') await held.promise;
    await route.continue();
  });
  await button('Save').click();
  await page.getByRole('tab', { name: 'Executions' }).click();
  held.resolve();
  const told = page.getByRole('alert').getByText('someone else has changed it meanwhile');
  await told.waitFor();
  // Wherever one goes, until it is decided.
  await page.getByRole('link', { name: 'Queues' }).click();
  await page.getByRole('heading', { name: 'Queues' }).waitFor();
  await button('Pause').click();
  await page.getByText('is paused.').waitFor();
  await told.waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Queues' }).waitFor();
  await told.waitFor();
  await page.getByRole('link', { name: 'Decide what stays' }).click();
  await page.getByRole('dialog').getByText('Theirs was saved').waitFor();
  expect(await told.count()).toBe(0);
  await page.getByRole('link', { name: 'Queues' }).evaluate((link: HTMLElement) => link.click());
  await told.waitFor();
  await page.getByRole('link', { name: 'Decide what stays' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save mine over it' }).click();
  await expect.poll(async () => (await stored())!.text).toBe(named('Mine'));
  await unsaved().waitFor({ state: 'detached' });
  expect(await page.getByText('someone else has changed it meanwhile').count()).toBe(0);
});

it('says that the browser keeps nothing, keeps it for as long as the page is there, and asks before that is left', async () => {
  await open('settings');
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('link', { name: 'Flow', exact: true }).click();
  await nameOf().click();
  await nameOf().fill('Mine');
  await page.getByText('The browser does not keep what is not saved').waitFor();
  await page.getByRole('link', { name: 'Workflows' }).first().click();
  await page.getByRole('link', { name: 'Flow', exact: true }).click();
  await expect.poll(() => nameOf().inputValue()).toBe('Mine');
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.keyboard.press('Control+s');
  await unsaved().waitFor({ state: 'detached' });
  await nameOf().fill('Mine again');
  await unsaved().waitFor();
  await page.reload();
  await nameOf().waitFor();
  expect(asked).toEqual(['beforeunload']);
  await page.reload();
  expect(asked).toHaveLength(1);
});

it.each([0, 400])('begins once what is clicked twice, with an answer after %i ms', async (delay) => {
  await open();
  const { execution_id } = await server.platform.start('flow', { day: 'Monday' });
  await server.platform.wait(execution_id);
  let asked = 0;
  await page.route('**/retry/', async (route) => {
    asked++;
    await new Promise((resolve) => setTimeout(resolve, delay));
    await route.continue();
  });
  await page.goto(`${server.url}#/executions/${execution_id}`);
  await button('Retry what failed').click({ clickCount: 2, delay: 100 });
  await expect.poll(() => page.url()).not.toContain(execution_id);
  await button('Retry what failed').waitFor();
  expect(asked).toBe(1);
});

it('saves what stands in a field that is still being written', async () => {
  await open();
  await step('a').click();
  await page.getByRole('tab', { name: 'About' }).click();
  await page.locator('.vw-panel').getByLabel('Id', { exact: true }).fill('first');
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await stored())!.text).toContain('{ id: first,');
  await unsaved().waitFor({ state: 'detached' });
});

it('starts once what is run again after an answer was lost', async () => {
  await open();
  let asked = 0;
  await page.route('**/workflows/flow/execute/', async (route) => {
    const answer = await route.fetch();
    expect(answer.status()).toBe(202);
    if (++asked === 1) await route.abort();
    else await route.fulfill({ response: answer });
  });
  await button('Run').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Day').fill('today');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await dialog.getByText('The server cannot be reached.').waitFor();
  await dialog.getByRole('button', { name: 'Run' }).click();
  await dialog.waitFor({ state: 'detached' });
  const answer = await fetch(`${server.url}api/vwmp/executions/`);
  expect(((await answer.json()) as { count: number }).count).toBe(1);
  await expect.poll(() => page.url()).toContain('#/executions/');
});

it('creates a workflow with Enter', async () => {
  await open('workflows');
  await button('New workflow').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').waitFor();
  // Without a name there is nothing to create.
  await page.keyboard.press('Enter');
  await page.keyboard.type('Another one');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => page.url()).toContain('#/workflows/another-one');
  expect((await stored('another-one'))!.name).toBe('Another one');
});

it('begins a new workflow without what was left of one that is gone', async () => {
  await open('workflows');
  await keep(JSON.stringify({ text: named('Left behind'), rev: '1' }));
  await button('Delete flow').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => stored()).toBeUndefined();
  await expect.poll(() => kept()).toBeNull();
  // Someone else deletes what one works on.
  await keep(JSON.stringify({ text: named('Left behind'), rev: '1' }));
  await button('New workflow').first().click();
  await page.getByLabel('Name', { exact: true }).fill('Flow');
  await button('Create').click();
  await expect.poll(() => nameOf().inputValue()).toBe('Flow');
  await step('first').waitFor();
  expect(await unsaved().count()).toBe(0);
});

it('takes an earlier version over a draft that was not opened', async () => {
  await open('workflows/flow?view=versions', { text: named('Mine') });
  await page.getByText('It has not been changed yet').waitFor();
  await save(named('Second'));
  await page.reload();
  await button('Restore it').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore the version' }).click();
  await expect.poll(() => kept()).toBeNull();
  await page.getByRole('tab', { name: 'Designer' }).click();
  await expect.poll(() => nameOf().inputValue()).toBe('Flow');
});

it('takes an earlier version over work that is not saved only when told to, and undoes that', async () => {
  await open();
  await save(named('Second'));
  await page.reload();
  await nameOf().fill('Mine');
  await page.getByRole('tab', { name: 'Versions' }).click();
  await button('Restore it').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Keep my work' }).click();
  expect((await stored())!.text).toBe(named('Second'));
  await button('Restore it').click();
  await dialog.getByRole('button', { name: 'Restore the version' }).click();
  await expect.poll(async () => (await stored())!.text).toBe(flow);
  await page.getByRole('tab', { name: 'Designer' }).click();
  await expect.poll(() => nameOf().inputValue()).toBe('Flow');
  expect(await unsaved().count()).toBe(0);
  await button(/^Undo/).click();
  await expect.poll(() => nameOf().inputValue()).toBe('Mine');
  await button('Save').click();
  await expect.poll(async () => (await stored())!.text).toBe(named('Mine'));
});

it('still undoes after something else of the workflow was looked at', async () => {
  await open();
  const at = () => step('a').getAttribute('style');
  const before = await at();
  await step('a').focus();
  await page.locator('.vw-panel:not([aria-busy])').waitFor();
  const box = (await step('a').boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 90, { steps: 4 });
  await page.mouse.up();
  await expect.poll(at).not.toBe(before);
  await step('b').click();
  await page.keyboard.press('Control+d');
  await expect.poll(() => page.locator('.react-flow__node').count()).toBe(3);
  await page.getByRole('tab', { name: 'Executions' }).click();
  await page.getByRole('tab', { name: 'Designer' }).click();
  await button(/^Undo: Duplicate/).click();
  await expect.poll(() => page.locator('.react-flow__node').count()).toBe(2);
  await button(/^Undo: Move/).click();
  await expect.poll(at).toBe(before);
  expect(await page.getByText('before the page was left').count()).toBe(0);
});

it('creates a workflow again that was deleted while someone worked on it', async () => {
  await open();
  await nameOf().fill('Mine');
  await remove();
  await button('Save').click();
  await page.getByRole('dialog').getByText('is no longer there').waitFor();
  await page.keyboard.press('Escape');
  // Nor is the text lost when the page is loaded again.
  await page.reload();
  await button('Open my work').click();
  await expect.poll(() => nameOf().inputValue()).toBe('Mine');
  await button('Save').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create it again' }).click();
  await expect.poll(async () => (await stored())?.text).toBe(named('Mine'));
  await unsaved().waitFor({ state: 'detached' });
  expect(await kept()).toBeNull();
  // From here on it is as any other.
  await nameOf().fill('Mine again');
  await button('Save').click();
  await expect.poll(async () => (await stored())?.text).toBe(named('Mine again'));
});

it('leaves a reader where they are when a workflow was created again under another id', async () => {
  await open('workflows/flow', { text: flow.replace('id: flow', 'id: other') });
  await remove();
  await page.reload();
  await button('Open my work').click();
  await button('Save').click();
  const held = Promise.withResolvers<void>();
  await page.route('**/workflows/**', async (route) => {
    if (route.request().method() !== 'GET') await held.promise;
    await route.continue();
  });
  await page.getByRole('dialog').getByRole('button', { name: 'Create it again' }).click();
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  held.resolve();
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect(page.url()).toContain('#/settings');
});

it('says why a workflow that is not saved cannot run', async () => {
  await open('workflows/flow', { text: flow.replace('core.fail', 'core.nothing') });
  await button('Run').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('day').fill('Monday');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await dialog.getByRole('alert').getByText('core.nothing').first().waitFor();
});

it('opens the text of work that has a mistake, beside what was before it', async () => {
  await open('workflows/flow', { text: flow.replace('name: Flow', 'name: [Flow') });
  await page.getByRole('region', { name: 'YAML' }).getByText('name: [Flow').waitFor();
  await step('a').waitFor();
  expect(await nameOf().inputValue()).toBe('Flow');
});

it('says that there is a mistake where nothing was before it', async () => {
  await open('workflows/flow', { text: 'name: [Flow' });
  await remove();
  await page.reload();
  await button('Open my work').click();
  await page.getByRole('heading', { name: 'The text has a mistake' }).waitFor();
  expect(await page.getByText('An empty workflow').count()).toBe(0);
});

it('takes a save whose answer was lost as saved', async () => {
  await open();
  await nameOf().fill('Mine');
  let saves = 0;
  await page.route('**/workflows/flow/', async (route) => {
    if (route.request().method() !== 'PUT' || saves++ > 0) return route.fallback();
    await route.fetch();
    return route.abort();
  });
  await button('Save').click();
  await expect.poll(async () => (await stored())!.text).toBe(named('Mine'));
  await page.locator('.vw-toast[data-tone="failed"]').waitFor();
  await button('Save').click();
  await unsaved().waitFor({ state: 'detached' });
  expect(await page.getByRole('dialog').count()).toBe(0);
});
