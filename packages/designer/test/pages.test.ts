import { join } from 'node:path';
import axe from 'axe-core';
import type { Page, Route } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const orders = `# Kept by hand.
id: orders
name: Orders of the day
triggers:
  - schedule: "0 6 * * *"
    timezone: Europe/Berlin
parameters:
  - name: day
    type: string
    required: true
  - name: fails
    type: boolean
    default: false
steps:
  - id: fetch
    handler: core.set
    config: { value: [{ id: 1, total: 12.5 }, { id: 2, total: 80 }] }
  - id: note
    handler: core.log
    dependencies: [fetch]
    config: { message: "Orders of \${parameters.day}" }
  - id: check
    handler: core.fail
    when: \${parameters.fails}
    dependencies: [fetch]
    config: { message: An order has no customer, code: ORDER_INCOMPLETE }
  - id: ask
    handler: core.approval
    dependencies: [note]
    config:
      prompt: Send the orders of \${parameters.day}?
      form: { type: object, properties: { carrier: { type: string, title: Carrier } }, required: [carrier] }
  - id: send
    handler: core.log
    dependencies: [ask]
    config: { message: "Sent by \${steps.ask.output.values.carrier}" }
`;

const adminKey = 'a-key-of-thirty-two-characters-or-more';

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let page: Page;
let failures: string[] = [];

afterEach(async () => {
  await page?.context().close();
  await server?.close();
  // What a test cuts off on purpose it takes out itself.
  expect(failures).toEqual([]);
});

async function open(place = '', options: Parameters<typeof openPage>[2] = {}): Promise<void> {
  server = await startServer(built.folder);
  await save(orders, undefined);
  ({ page, failures } = await openPage(built.browser, `${server.url}#/${place}`, options));
}

async function save(text: string, rev: string | undefined): Promise<void> {
  const path = rev === undefined ? 'workflows/' : 'workflows/orders/';
  const { ok, status } = await fetch(`${server.url}api/vwmp/${path}`, {
    method: rev === undefined ? 'POST' : 'PUT',
    headers: { 'content-type': 'application/yaml', ...(rev !== undefined && { 'if-match': `"${rev}"` }) },
    body: text,
  });
  expect(ok, `status ${status}`).toBe(true);
}

async function run(parameters: { day: string; fails?: boolean }): Promise<string> {
  return (await server.platform.start('orders', parameters)).execution_id;
}

const focusedOn = (property: 'className' | 'tagName'): Promise<string | undefined> =>
  page.evaluate((name) => document.activeElement?.[name], property);

/** Presses Tab until something has the focus. @param name - that it begins with */
async function tabTo(selector: string, name: string): Promise<void> {
  for (let count = 0; count < 80; count++) {
    await page.keyboard.press('Tab');
    const isThere = await page.evaluate(
      ([wanted, begin]) => {
        const { activeElement: at } = document;
        const called = at?.getAttribute('aria-label') ?? at?.textContent ?? '';
        return at?.matches(wanted!) === true && called.trim().startsWith(begin!);
      },
      [selector, name],
    );
    if (isThere) return;
  }
  throw new Error(`Tab does not lead to ${selector} "${name}".`);
}

/** As soon as it asks. */
async function approve(id: string): Promise<void> {
  await expect
    .poll(async () => (await server.platform.execution(id))?.steps.ask?.status, { timeout: 20_000 })
    .toBe('waiting');
  await server.platform.decideApproval(id, 'ask', { approved: true, values: { carrier: 'Pigeon' } });
}

it('shows an execution from its start to its end: started with parameters, decided by a person, watched', async () => {
  await open('workflows');
  await page.getByRole('link', { name: 'Orders of the day' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Run' }).click();
  // Nothing starts without what is required, and the field says why.
  await expect.poll(() => dialog.textContent()).toContain('"day" (string) has to be given');
  failures = failures.filter((text) => !text.includes('422'));
  await dialog.getByLabel('day').fill('Monday');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('article').getByText('Waiting').first().waitFor();
  await page.getByRole('button', { name: /^ask/ }).first().click();
  await page.getByRole('heading', { name: 'Send the orders of Monday?' }).waitFor();
  await page.getByLabel('Carrier').fill('Pigeon');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('article').getByText('Succeeded').first().waitFor();
  // What a step was given is not recorded, and told all the same.
  await page.getByRole('button', { name: /^send/ }).first().click();
  await page.getByLabel('Input', { exact: true }).getByText('Sent by Pigeon').waitFor();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText('Sent by Pigeon').first().waitFor();
  await page.getByLabel('Search the log').first().fill('nothing like it');
  await page.getByText('No line is like that.').waitFor();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  expect(await page.locator('.vw-timeline-row').count()).toBe(4);
  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByText('Monday').first().waitFor();
});

it('goes from the editor to the end of an execution with the keyboard alone', async () => {
  await open('workflows/orders');
  await page.getByText('No problems').waitFor();
  // A message is changed in the panel of a step that the outline leads to, and saved.
  await page.keyboard.press('o');
  await expect.poll(() => focusedOn('className')).toBe('vw-outline-main');
  const step = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.step);
  for (let left = 5; left > 0 && (await step()) !== 'note'; left--) await page.keyboard.press('ArrowDown');
  await page.getByRole('region', { name: 'Step note' }).waitFor();
  await page.keyboard.press('F2');
  await expect.poll(() => focusedOn('tagName')).toBe('TEXTAREA');
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  await page.keyboard.press('Control+s');
  await expect
    .poll(async () => (await server.platform.workflows.get('orders'))!.text, { timeout: 20_000 })
    .toContain('{parameters.day}!');

  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog', { name: 'Run orders' }).waitFor();
  await expect.poll(() => focusedOn('tagName')).toBe('INPUT');
  await page.keyboard.type('Monday');
  await page.keyboard.press('Enter');

  await page.getByText('A decision is waited for').waitFor();
  await tabTo('button', 'ask');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Send the orders of Monday?' }).waitFor();
  await page.getByLabel('Carrier').waitFor();
  await tabTo('input', '');
  await page.keyboard.type('Pigeon');
  await tabTo('button', 'Approve');
  await page.keyboard.press('Enter');
  await page.getByRole('article').getByText('Succeeded').first().waitFor();
  // Its output is read in the details, which Escape leaves.
  await page.getByRole('complementary', { name: 'Step ask' }).getByText('Pigeon').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Step ask' }).waitFor({ state: 'detached' });

  await tabTo('[role="tab"]', 'Steps');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('Sent by Pigeon').first().waitFor();
  await page.getByText('Orders of Monday!').first().waitFor();

  const first = page.url();
  await tabTo('button', 'Run again');
  await page.keyboard.press('Enter');
  // With what it was given.
  await expect.poll(() => page.getByLabel('day').inputValue()).toBe('Monday');
  await expect.poll(() => focusedOn('tagName')).toBe('INPUT');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).not.toBe(first);
  await page.getByText('A decision is waited for').waitFor();
  await tabTo('button', 'Cancel');
  await page.keyboard.press('Enter');
  await page.getByRole('article').getByText('Cancelled').first().waitFor();
  const second = page.url();
  await tabTo('button', 'Retry what failed');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).not.toBe(second);
  await page.getByText('A decision is waited for').waitFor();
}, 60_000);

it('says why an execution failed, and runs it again from there', async () => {
  await open();
  const id = await run({ day: 'Monday', fails: true });
  await approve(id);
  await page.goto(`${server.url}#/executions/${id}`);
  await page.getByRole('alert').getByText('An order has no customer').first().waitFor();
  await page.getByRole('button', { name: /^check/ }).click();
  await page.getByText('ORDER_INCOMPLETE').first().waitFor();
  // An answer that is lost does not make two of it.
  const retries = (): Promise<number> =>
    server.platform.storage.executions.list({ workflow_id: 'orders' }).then(({ count }) => count! - 1);
  const lose = async (route: Route): Promise<void> => {
    await route.fetch();
    await route.abort();
  };
  await page.route('**/retry/', lose, { times: 1 });
  await page.getByRole('button', { name: 'Run again from here' }).click();
  await page.locator('.vw-toast[data-tone="failed"]').waitFor();
  failures.length = 0;
  await page.getByRole('button', { name: 'Run again from here' }).click();
  await expect.poll(() => page.url()).not.toContain(id);
  expect(await retries()).toBe(1);
  await page.getByRole('article').getByText('Failed').first().waitFor();
  // The workflow is mended, and the execution goes on with it.
  const { rev } = (await server.platform.workflows.get('orders'))!;
  const mended = orders.replace('core.fail', 'core.set').replace(/message: An order.* }/, 'value: mended }');
  await save(mended, rev);
  await page.getByRole('button', { name: 'Other ways to run it again' }).click();
  await page.getByRole('menuitem', { name: 'With the workflow as it is now' }).click();
  await page.getByRole('article').getByText('Succeeded').first().waitFor();
});

it('catches up by itself after the connection was lost', async () => {
  await open();
  const id = await run({ day: 'Monday' });
  await page.goto(`${server.url}#/executions/${id}`);
  await page.getByText('A decision is waited for').waitFor();
  // It says so when the connection is back, also when nothing has happened.
  await server.stop();
  await page.getByText('Connecting again…').waitFor();
  await server.start();
  await page.getByText('Connecting again…').waitFor({ state: 'detached' });
  await server.stop();
  await page.getByText('Connecting again…').waitFor();
  await approve(id);
  await server.platform.wait(id);
  await server.start();
  await page.getByRole('article').getByText('Succeeded').first().waitFor();
  await page.getByText('Connecting again…').waitFor({ state: 'detached' });
  failures.length = 0;
});

it('keeps filters of the list in the address', async () => {
  await open();
  const failed = await run({ day: 'Monday', fails: true });
  const waiting = await run({ day: 'Tuesday' });
  await page.goto(`${server.url}#/executions?status=waiting`);
  await page.getByRole('link', { name: waiting }).waitFor();
  await page.getByRole('button', { name: 'Waiting' }).click();
  await page.getByRole('link', { name: failed }).waitFor();
  await page.getByLabel('Search executions').fill(failed);
  await page.getByRole('link', { name: waiting }).waitFor({ state: 'detached' });
  await expect.poll(() => page.url()).toContain(`q=${failed}`);
  await page.reload();
  await page.getByRole('link', { name: failed }).waitFor();
  expect(await page.getByRole('link', { name: waiting }).count()).toBe(0);
});

it('waits for a slow server instead of asking it again and again', async () => {
  await open('settings');
  await run({ day: 'Monday' });
  await page.getByText('Theme').first().waitFor();
  await page.clock.install();
  const held = Promise.withResolvers<void>();
  let asked = 0;
  await page.route('**/executions/?*', async (route) => {
    asked++;
    await held.promise;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Executions' }).click();
  await expect.poll(() => asked).toBe(1);
  await page.clock.runFor(30_000);
  expect(asked).toBe(1);
  held.resolve();
  await page.getByRole('table').getByText('orders').first().waitFor();
});

it('creates a workflow, keeps what is not saved through a reload, and saves it', async () => {
  await open('workflows?new=1');
  await page.getByLabel('Name', { exact: true }).fill('My first flow');
  await page.getByText('Its id will be my-first-flow.').waitFor();
  // A text that is selected up to beyond the edge of the dialog does not close it.
  const field = (await page.getByLabel('Name', { exact: true }).boundingBox())!;
  await page.mouse.move(field.x + 40, field.y + field.height / 2);
  await page.mouse.down();
  await page.mouse.move(3, 3);
  await page.mouse.up();
  await page.getByRole('button', { name: 'Create' }).click();
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  await name.fill('My very first flow');
  await name.blur();
  await page.getByText('Not saved', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('Not saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
  expect((await server.platform.workflows.get('my-first-flow'))?.text).toContain('My very first flow');
});

it('saves once while the key for it is held down', async () => {
  await open('workflows/orders');
  await page.locator('.vw-panel').getByLabel('Name', { exact: true }).fill('Mine');
  const held = Promise.withResolvers<void>();
  let saves = 0;
  await page.route('**/workflows/orders/', async (route) => {
    if (route.request().method() === 'PUT') saves++;
    await held.promise;
    await route.continue();
  });
  await page.keyboard.press('Control+s');
  await page.keyboard.press('Control+s');
  held.resolve();
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
  expect(saves).toBe(1);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('saves what was changed while it was being saved, when that was asked for meanwhile', async () => {
  await open('workflows/orders');
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  await name.fill('Before');
  const held = Promise.withResolvers<void>();
  const saved: string[] = [];
  await page.route('**/workflows/orders/', async (route) => {
    if (route.request().method() === 'PUT') saved.push(route.request().postData()!);
    await held.promise;
    await route.continue();
  });
  await page.keyboard.press('Control+s');
  await expect.poll(() => saved.length).toBe(1);
  await name.fill('Meanwhile');
  await page.keyboard.press('Control+s');
  held.resolve();
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
  expect(saved).toEqual([expect.stringContaining('Before'), expect.stringContaining('Meanwhile')]);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('saves nothing that nobody asked to save: a key that is held down asks for what is being saved', async () => {
  await open('workflows/orders');
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  await name.fill('Asked for');
  const held = Promise.withResolvers<void>();
  const saved: string[] = [];
  await page.route('**/workflows/orders/', async (route) => {
    if (route.request().method() === 'PUT') saved.push(route.request().postData()!);
    await held.promise;
    await route.continue();
  });
  await page.keyboard.press('Control+s');
  await expect.poll(() => saved.length).toBe(1);
  await page.keyboard.press('Control+s');
  await name.fill('Half typ');
  held.resolve();
  await page.getByText('Saved.').waitFor();
  await page.getByText('Not saved', { exact: true }).waitFor();
  expect(saved).toEqual([expect.stringContaining('Asked for')]);
});

it('shows both texts when someone else has saved meanwhile, and lets one choose', async () => {
  await open('workflows/orders');
  const name = page.locator('.vw-panel').getByLabel('Name', { exact: true });
  await name.fill('Mine');
  await name.blur();
  const before = await server.platform.workflows.get('orders');
  const theirs = orders.replace('Orders of the day', 'Theirs');
  await save(theirs, before!.rev);
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('-name: Theirs').waitFor();
  await dialog.getByText('+name: Mine').waitFor();
  expect((await server.platform.workflows.get('orders'))!.text).toBe(theirs);
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
  expect((await server.platform.workflows.get('orders'))!.text).toBe(
    orders.replace('Orders of the day', 'Mine'),
  );
  failures = failures.filter((text) => !text.includes('412'));
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByText('-name: Theirs').waitFor();
  await page.getByRole('button', { name: 'Restore it' }).click();
  await expect.poll(async () => (await server.platform.workflows.get('orders'))!.text).toBe(theirs);
});

it('asks the server for little: what an editor needs at once, and of versions what is looked at', async () => {
  await open('settings');
  await page.getByText('Theme').first().waitFor();
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) asked.push(pathname.replace('/api/vwmp/', ''));
  });
  await page.goto(`${server.url}#/workflows/orders`);
  await page.getByText('No problems').waitFor();
  expect(asked.sort()).toEqual(['step-handlers/', 'workflow-types/', 'workflows/orders/']);
  const script = await page
    .locator('link[rel=modulepreload][href*=base]')
    .evaluate((it) => (it as HTMLLinkElement).href);
  expect((await fetch(script)).headers.get('content-encoding')).toBe('gzip');
  for (let at = 1; at <= 60; at++) {
    const { rev } = (await server.platform.workflows.get('orders'))!;
    await save(orders.replace('Orders of the day', `Orders ${at}`), rev);
  }
  // Of the page that was there before, nothing may be asked any more.
  await page.goto('about:blank');
  asked.length = 0;
  await page.goto(`${server.url}#/workflows/orders?view=versions`);
  const versions = page.getByRole('list', { name: 'Versions' });
  await expect.poll(() => versions.getByRole('button').count()).toBe(51);
  await page.getByText('-name: Orders 59').waitFor();
  expect(asked.filter((path) => path.startsWith('workflows/orders/versions/'))).toHaveLength(2);
  await versions.getByRole('button', { name: 'Show older ones' }).click();
  await expect.poll(() => versions.getByRole('button').count()).toBe(61);
  await versions.getByRole('button').last().click();
  await page.getByText('-name: Orders of the day').waitFor();
}, 60_000);

it('shows which queues are paused, pauses one and lets it go on', async () => {
  await open('queues');
  const row = page.getByRole('row', { name: /^executions/ });
  await row.getByRole('button', { name: 'Pause' }).click();
  await row.getByText('Paused', { exact: true }).waitFor();
  await expect.poll(async () => (await server.platform.queue.counts('executions')).paused).toBe(true);
  await row.getByRole('button', { name: 'Resume' }).click();
  await row.getByRole('button', { name: 'Pause' }).waitFor();
  expect((await server.platform.queue.counts('executions')).paused).not.toBe(true);
});

it('decides what waits for a person on a page of its own, pauses a schedule and shows its times', async () => {
  await open();
  const id = await run({ day: 'Monday' });
  await page.goto(`${server.url}#/approvals`);
  await page.getByRole('heading', { name: 'Send the orders of Monday?' }).waitFor();
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.getByText('Nobody is waited for').waitFor();
  expect((await server.platform.wait(id)).steps.ask).toMatchObject({ output: { approved: false } });
  await page.getByRole('link', { name: 'Schedules' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Times' }).click();
  await page.getByRole('dialog').getByText('06:00').first().waitFor();
});

it('tries a workflow in the page without calling anything, and one step alone with what was recorded', async () => {
  await open();
  const id = await run({ day: 'Monday' });
  await approve(id);
  await server.platform.wait(id);
  await page.goto(`${server.url}#/workflows/orders`);
  await page.getByRole('button', { name: 'Dry run' }).click();
  const dialog = page.getByRole('dialog');
  // As in the dialog of a run.
  await dialog.getByRole('textbox').first().press('Enter');
  await dialog.getByText('A decision is waited for').waitFor();
  const { count } = await server.platform.storage.executions.list();
  expect(count).toBe(1);
  await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  await page.locator('.react-flow__node[data-id="send"]').click();
  await page.getByRole('button', { name: 'Test step' }).click();
  await expect.poll(() => dialog.getByLabel('Output of ask').inputValue()).toContain('Pigeon');
  await dialog.getByLabel('Output of ask').fill('{"approved": true, "values": {"carrier": "Snail"}}');
  await dialog.getByRole('button', { name: 'Run the step' }).click();
  await dialog.getByRole('article').getByText('Succeeded').first().waitFor();
  await dialog.getByRole('tab', { name: 'Log' }).click();
  await dialog.getByText('Sent by Snail').first().waitFor();
});

it('signs in with a key where the server wants one', async () => {
  server = await startServer(built.folder, {
    VWMP_API_AUTH: 'keys',
    VWMP_API_KEYS: `ops:admin:${adminKey}`,
  });
  ({ page, failures } = await openPage(built.browser, server.url));
  await page.getByLabel('API key').fill('vwmp_wrong_key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.vw-field-error').waitFor();
  failures = failures.filter((text) => !text.includes('401'));
  await page.getByLabel('API key').fill(adminKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  // Its own is one of the settings.
  await page.getByText('are not in this list').waitFor();
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('robot');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const made = dialog.getByLabel('Key', { exact: true });
  expect(await made.inputValue()).toMatch(/^vwmp_/);
  // It is there this one time: its field has the keys, and a click beside it leaves it there.
  expect(await made.evaluate((field: HTMLInputElement) => field.selectionEnd)).toBeGreaterThan(20);
  await page.mouse.click(5, 5);
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row', { name: /robot/ });
  await row.getByText('Active').waitFor();
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByText('Revoked').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
});

it('stays usable when a part of it cannot be loaded, as after an update of the server', async () => {
  await open();
  await page.getByText('Last executions').waitFor();
  await page.route('**/assets/queues-*.js*', (route) => route.abort());
  await page.goto(`${server.url}#/queues`);
  await page.getByRole('alert').getByText('This part of the page could not be loaded').waitFor();
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('link', { name: 'Orders of the day' }).waitFor();
  await page.goto(`${server.url}#/queues`);
  const again = page.getByRole('button', { name: 'Load the page again' });
  await again.waitFor();
  await page.unrouteAll();
  await again.click();
  await page.getByRole('table', { name: 'Queues' }).waitFor();
  failures.length = 0;
});

it('fits a phone: nothing is beside the screen, and many steps are a list', async () => {
  await open('', { width: 390 });
  const many = Array.from(
    { length: 40 },
    (_, at) =>
      `  - { id: a_step_with_a_long_name_${at}, handler: core.set, config: { value: ${at} }${at < 4 ? '' : `, dependencies: [a_step_with_a_long_name_${at - 4}]`} }\n`,
  ).join('');
  const long = 'a-long-id-of-a-workflow-that-somebody-has-chosen';
  await save(`id: ${long}\nname: ${'A long name '.repeat(8)}\nsteps:\n${many}`, undefined);
  const done = (await server.platform.start(long, {})).execution_id;
  await server.platform.wait(done);
  const failed = await run({ day: 'Monday', fails: true });
  await approve(failed);
  await server.platform.wait(failed);
  for (const [place, text] of [
    ['', failed],
    ['workflows', 'A long name'],
    ['executions', failed],
    [`executions/${done}`, 'a_step_with_a_long_name_39'],
    [`executions/${failed}`, 'An order has no customer'],
    ['schedules', 'Europe/Berlin'],
    ['queues', 'executions'],
    ['settings', 'workflow.created'],
  ] as const) {
    await page.goto(`${server.url}#/${place}`);
    await page.getByText(text).first().waitFor();
    const beside = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beside, place).toBeLessThanOrEqual(0);
    if (place === 'queues') {
      const pause = (await page.getByRole('button', { name: 'Pause' }).boundingBox())!;
      expect(pause.x + pause.width).toBeLessThan(390);
    }
    for (const link of await page.getByRole('navigation').getByRole('link').all()) {
      const box = await link.boundingBox();
      expect(box === null || box.x + box.width <= 390, place).toBe(true);
    }
  }
  await page.goto(`${server.url}#/executions/${done}`);
  await page.locator('.vw-xgraph[data-list]').waitFor();
  await page.getByRole('button', { name: /^a_step_with_a_long_name_39/ }).click();
  const details = page.getByRole('complementary', { name: 'Step a_step_with_a_long_name_39' });
  await expect
    .poll(async () => (await details.boundingBox())!.y, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(0);
}, 60_000);

it.each(['light', 'dark'] as const)('leaves axe nothing to find on any page in %s', async (theme) => {
  await open('', { theme });
  const failed = await run({ day: 'Monday', fails: true });
  await approve(failed);
  await server.platform.wait(failed);
  const waiting = await run({ day: 'Tuesday' });
  await expect.poll(async () => (await server.platform.execution(waiting))?.status).toBe('waiting');
  const places: [string, string][] = [
    ['', 'Last executions'],
    ['workflows', 'Orders of the day'],
    ['workflows?new=1', 'Begin with'],
    ['workflows/orders', 'No problems'],
    ['workflows/orders?view=executions', failed],
    ['workflows/orders?view=versions', 'It has not been changed yet'],
    ['executions', failed],
    [`executions/${failed}`, 'An order has no customer'],
    [`executions/${waiting}`, 'A decision is waited for'],
    [`compare/${failed}/${waiting}`, 'Differs in'],
    ['approvals', 'Send the orders of Tuesday?'],
    ['schedules', 'Europe/Berlin'],
    ['queues', 'Queues'],
    ['settings', 'Theme'],
    ['nowhere', 'There is no such page'],
  ];
  for (const [place, text] of places) {
    await page.goto(`${server.url}#/${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByText(text).first().waitFor();
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const found = await (window as unknown as { axe: typeof axe }).axe.run(document);
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`,
      );
    });
    expect(violations, `${place || 'dashboard'} in ${theme}`).toEqual([]);
  }
});
