// Lists that are longer than a page, the way back through them, and what is told of executions.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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

/** Opens a page on a server with these documents. */
async function open(place: string, documents: readonly string[]): Promise<void> {
  server = await startServer(built.folder);
  for (const body of documents) {
    const headers = { 'content-type': 'application/yaml' };
    const { status } = await fetch(`${server.url}api/vwmp/workflows/`, { method: 'POST', headers, body });
    expect(status).toBe(201);
  }
  ({ page, failures } = await openPage(built.browser, `${server.url}#/${place}`));
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
  await expect.poll(() => page.title()).toBe('Approvals · VWMP');
  await page.getByRole('region', { name: 'Approve number 103? asks, step ok' }).waitFor();
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

it('goes back from the dialog of a new workflow, and never to it once it is closed', async () => {
  await open('settings', [set('one')]);
  await go('workflows');
  const dialog = page.getByRole('dialog');
  const create = page.getByRole('button', { name: 'New workflow' });
  await create.click();
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  await create.click();
  await page.getByLabel('Name', { exact: true }).fill('Two');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('tab', { name: 'Designer' }).waitFor();
  await page.goBack();
  await create.click();
  await dialog.waitFor();
  for (let n = 0; n < 3; n++) await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.waitForTimeout(100);
  expect(page.url()).toMatch(/#\/workflows$/);
  expect(await dialog.count()).toBe(0);
  // The first press leads on.
  await page.goBack();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  expect(page.url()).toMatch(/#\/settings$/);
  // By a link that asks for it there is nothing to go back to.
  await go('');
  await page.getByRole('link', { name: 'New workflow' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(page.url()).toMatch(/#\/workflows$/);
  await page.goBack();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
});

it('shows all that was changed and decided, part by part', async () => {
  await open('', []);
  for (let n = 0; n < 120; n++)
    await server.platform.storage.audit.add({
      ...{ at: new Date(n).toISOString(), actor: 'ana', action: 'workflow.saved', subject: `w-${n}` },
    });
  await go('settings');
  const rows = page.getByRole('table', { name: 'Audit log' }).getByRole('row');
  for (const count of [51, 101, 121]) {
    await expect.poll(() => rows.count()).toBe(count);
    if (count < 121) await page.getByRole('button', { name: 'Show more' }).click();
  }
  await page.getByRole('cell', { name: 'w-0', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
});

it('goes back past a tab that was pressed while it was shown', async () => {
  await open('workflows', [set('one')]);
  await go('workflows/one?view=executions');
  const tab = page.getByRole('tab', { name: 'Executions' });
  for (let n = 0; n < 3; n++) await tab.click();
  await page.goBack();
  await page.getByRole('heading', { name: 'Workflows' }).waitFor();
});

it('leads from an execution to its workflow, and keeps what of it is shown in the address', async () => {
  await open('', [asks]);
  const id = await start('asks');
  await go(`executions/${id}`);
  await page.getByRole('button', { name: /^ok/ }).first().click();
  await page.getByRole('tab', { name: 'Data' }).click();
  await expect.poll(() => page.url()).toContain(`${id}?step=ok&view=data`);
  await page.reload();
  const step = page.getByRole('complementary', { name: 'Step ok' });
  await step.getByText('Waiting for', { exact: true }).waitFor();
  expect(await page.getByRole('tab', { name: 'Data' }).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Escape');
  await step.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => page.url()).not.toContain('step=');
  await page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'asks' }).click();
  await page.getByRole('heading', { name: 'Asks' }).first().waitFor();
});

it('tells what is wrong with the form of an approval at its field', async () => {
  await open('', [asks]);
  await go(`executions/${await start('asks')}?step=ok`);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.locator('.vw-field-error').getByText('"carrier" is missing.').waitFor();
  expect(await page.locator('.vw-approval .vw-error').count()).toBe(0);
  failures = failures.filter((text) => !text.includes('422'));
});

it('shows the beginning of a long error, and writes from right to left what is written so', async () => {
  const name = 'معالجة الطلبات (v2) ABC';
  const fails = `core.fail, config: { message: "${'It went wrong. '.repeat(200)}" }`;
  await open('workflows', [set('rtl', name), set('long').replace('core.set, config: { value: 1 }', fails)]);
  await page.getByRole('link', { name }).waitFor();
  expect(await page.getByRole('link', { name }).evaluate((it) => getComputedStyle(it).direction)).toBe('rtl');
  await go(`executions/${await start('long')}`);
  const error = page.getByRole('alert').first();
  await error.getByRole('button', { name: 'Show all' }).waitFor();
  expect((await error.boundingBox())!.height).toBeLessThan(200);
  await error.getByRole('button', { name: 'Show all' }).click();
  expect((await error.textContent())!.length).toBeGreaterThan(2900);
});

it('tells a step that was taken over from one that ran', async () => {
  await open('', [
    `id: again
name: Again
steps:
  - { id: first, handler: core.sleep, config: { duration: 30ms } }
  - { id: second, handler: core.fail, dependencies: [first], config: { message: No } }
`,
  ]);
  const id = await start('again');
  await server.platform.wait(id);
  await go(`executions/${id}`);
  await page.getByRole('button', { name: /^first Succeeded · \d/ }).waitFor();
  await page.getByRole('button', { name: 'Retry what failed' }).click();
  await page.getByRole('button', { name: 'first Succeeded before' }).waitFor();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const row = page.getByRole('button', { name: 'first before' });
  await row.waitFor();
  expect(await row.locator('b').count()).toBe(0);
  await row.click();
  await page.getByText('It ran in the execution that this one goes on from.').waitFor();
  expect(await page.getByRole('complementary').getByText('Took').count()).toBe(0);
});

it('keeps long names on a phone, and messages above the navigation', async () => {
  const long = `step_${'with_a_long_id_'.repeat(6)}`;
  await open('', [
    asks.replace('id: ok', `id: ${long}`).replace('config:', 'name: "خطوة طويلة"\n    config:'),
  ]);
  await page.setViewportSize({ width: 390, height: 844 });
  const id = await start('asks');
  const isBeside = (): Promise<boolean> =>
    page.evaluate((name) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.textContent!.includes(name) || node.parentElement!.closest('.vw-truncate')) continue;
        range.selectNodeContents(node);
        if (range.getBoundingClientRect().right > innerWidth) return true;
      }
      return false;
    }, long);
  await go(`executions/${id}`);
  await page.getByText('A decision is waited for').waitFor();
  expect(await isBeside()).toBe(false);
  const title = page.getByText('خطوة طويلة').first();
  expect(await title.evaluate((it) => getComputedStyle(it).direction)).toBe('rtl');
  await go('approvals');
  await page.getByText('Approve number 0?').waitFor();
  expect(await isBeside()).toBe(false);
  await page.getByRole('button', { name: 'Reject' }).click();
  const toast = (await page.locator('.vw-toast').boundingBox())!;
  const navigation = (await page.getByRole('navigation').boundingBox())!;
  expect(toast.y + toast.height).toBeLessThanOrEqual(navigation.y);
});

it('begins with what failed where all steps cannot be read at once, and shows all on demand', async () => {
  const steps = Array.from(
    { length: 120 },
    (_, at) =>
      `  - { id: s${at}, handler: ${at === 90 ? 'core.fail' : 'core.set'}, ${at > 0 ? `dependencies: [s${at - 1}], ` : ''}config: { ${at === 90 ? 'message: No' : 'value: 1'} } }\n`,
  );
  await open('', [`id: deep\nname: Deep\nsteps:\n${steps.join('')}`]);
  const id = await start('deep');
  await server.platform.wait(id);
  await go(`executions/${id}`);
  const frame = page.locator('.vw-xgraph');
  const isInSight = async (name: string): Promise<boolean> => {
    const [around, step] = await Promise.all([
      frame.boundingBox(),
      page.getByRole('button', { name: new RegExp(`^${name} `) }).boundingBox(),
    ]);
    return step!.height > 30 && step!.y >= around!.y && step!.y + step!.height <= around!.y + around!.height;
  };
  await expect.poll(() => isInSight('s90')).toBe(true);
  await frame.getByRole('button', { name: 'Show all' }).click();
  expect(await isInSight('s90')).toBe(false);
});

it('leaves room for the panel of a step where the page is enlarged', async () => {
  await open('workflows/set', [set('set')]);
  await page.setViewportSize({ width: 640, height: 400 });
  await page.getByText('No problems').waitFor();
  await page.locator('.react-flow__node[data-id="a"]').click();
  const value = page.locator('.vw-panel').getByLabel('Value');
  await value.focus();
  const [field, body] = await Promise.all([
    value.boundingBox(),
    page.locator('.vw-panel-body').boundingBox(),
  ]);
  expect(body!.height).toBeGreaterThan(150);
  expect(field!.y + field!.height).toBeLessThanOrEqual(400);
});

it('says where to find what people look for among the steps and is none', async () => {
  await open('workflows/set', [set('set')]);
  await page.getByText('No problems').waitFor();
  const palette = page.getByRole('searchbox', { name: 'Search steps' });
  for (const [query, hint] of [
    ['if', /"Only when", in its tab "Flow".*"Switch"/],
    ['foreach', /"For each", in its tab "Flow"/],
    ['retry', /in its tab "Failure"/],
  ] as const) {
    await palette.fill(query);
    await page.getByText(hint).waitFor();
  }
  await palette.fill('log');
  await page.getByText(/in its tab/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Add step' }).click();
  await page.keyboard.type('loop');
  await page.getByRole('dialog').getByText('"For each", in its tab "Flow"').waitFor();
});

it('shows a long log to its end', async () => {
  const items = `[${Array.from({ length: 1200 }, (_, at) => at).join(',')}]`;
  await open('', [
    `id: logs\nname: Logs\nsteps:\n  - { id: a, handler: core.log, foreach: ${items}, config: { message: "line \${index}" } }\n`,
  ]);
  const id = await start('logs');
  await server.platform.wait(id);
  await go(`executions/${id}?view=logs`);
  await page.getByText('The last 1,000 of 1,200 lines are shown').waitFor();
  await page.getByText('line 1199', { exact: true }).waitFor();
});

it('folds the items of a step in the timeline, those that failed in sight, and draws none of them anew', async () => {
  const items = `[${Array.from({ length: 300 }, (_, at) => at).join(',')}]`;
  await open('', [
    `id: many
name: Many
steps:
  - id: each
    handler: core.sleep
    required: false
    foreach: ${items}
    config: { duration: "\${item == 298 ? 'never' : item == 299 ? '1h' : '1ms'}" }
  - { id: ask, handler: core.wait, config: { signal: go } }
`,
    `id: few\nname: Few\nsteps:\n  - { id: a, handler: core.set, foreach: [1, 2, 3], config: { value: "\${item}" } }\n`,
  ]);
  const id = await start('many');
  await go(`executions/${id}?view=timeline`);
  const row = page.locator('.vw-timeline-row');
  // The one that failed ends the step; the other step goes on.
  const fold = page.getByRole('button', { name: /^each: (\d+ of )?\d+ items, 1 failed$/ });
  await fold.waitFor();
  expect(await fold.getAttribute('aria-expanded')).toBe('false');
  await page.getByRole('button', { name: /^each \[298\].*failed/ }).waitFor();
  await page.getByRole('button', { name: /^ask/ }).waitFor();
  expect(await row.count()).toBe(3);
  await fold.focus();
  await page.keyboard.press('Enter');
  expect(await fold.getAttribute('aria-expanded')).toBe('true');
  await expect.poll(() => row.count()).toBe(202);
  expect(await row.filter({ hasText: '[' }).first().textContent()).toContain('[298]');
  await page.getByRole('button', { name: /^Show more of \d+ items$/ }).click();
  await expect.poll(() => row.count()).toBeGreaterThan(298);
  // What goes on is seen to, what has ended stays as it was drawn.
  const changed = await page.evaluate(async () => {
    const rows = new Set<Element>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const at = (target instanceof Element ? target : target.parentElement)?.closest('.vw-timeline-row');
        if (at) rows.add(at);
      }
      if (rows.size > 0) resolve();
    });
    observer.observe(document.querySelector('.vw-timeline')!, {
      ...{ subtree: true, childList: true, attributes: true, characterData: true },
    });
    await promise;
    observer.disconnect();
    return [...rows].map((each) => each.textContent);
  });
  expect(changed).toHaveLength(1);
  expect(changed[0]).toMatch(/^ask/);
  await go(`executions/${await start('few')}?view=timeline`);
  await expect.poll(() => row.count()).toBe(4);
  expect(await page.locator('.vw-timeline-fold').count()).toBe(0);
});

it('shows more of the dead letters, when they died, and discards one', async () => {
  await open('queues', []);
  const { queue } = server.platform;
  for (let n = 0; n < 60; n++) {
    await queue.enqueue('mails', { name: `welcome-${n}`, payload: { n } });
    const task = await queue.getTask('mails', 0);
    await queue.markFailed(task!, {
      code: 'MAILBOX_FULL',
      message: `Mailbox ${n} is full.`,
      retryable: false,
    });
  }
  const row = page.getByRole('row', { name: /^mails/ });
  await row.getByRole('button', { name: '60', exact: true }).click();
  const letters = page.getByRole('listitem').filter({ hasText: 'is full.' });
  await page.getByText('50 of 60').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => letters.count()).toBe(60);
  const first = letters.filter({ hasText: 'welcome-0' });
  await first.getByText(/ago.*after 1 attempt$|now.*after 1 attempt$/).waitFor();
  await first.getByRole('button', { name: /^Discard/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard welcome-0?' });
  await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
  await row.getByRole('button', { name: '59', exact: true }).waitFor();
  await expect.poll(() => first.count()).toBe(0);
  expect((await queue.counts('mails')).dead).toBe(59);
});
