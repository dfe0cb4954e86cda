// What someone types is what is sent, to the digit: or it is said why it cannot be, and nothing is sent.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const flow = `id: flow
name: Flow
parameters:
  - { name: count, type: integer, default: 1 }
  - { name: options, type: object, default: { keep: me } }
  - { name: tags, type: array, default: [a, b] }
  - { name: note, type: text, default: "" }
  - { name: size, type: enum, options: [1, { value: 2, label: Large }], default: 2 }
  - { name: nums, type: array, default: [], validation: { items: { type: integer } } }
  - { name: limits, type: object, default: {}, validation: { additionalProperties: { type: number, minimum: 1 } } }
steps:
  - { id: wait, handler: core.wait, config: { signal: go } }
  - id: ask
    handler: core.approval
    dependencies: [wait]
    config:
      prompt: How many?
      form:
        type: object
        properties: { count: { type: integer }, each: { type: array, items: { type: integer, minimum: 1 } } }
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

async function open(place: string): Promise<void> {
  server = await startServer(built.folder);
  const { status } = await fetch(`${server.url}api/vwmp/workflows/`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: flow,
  });
  expect(status).toBe(201);
  ({ page, failures } = await openPage(built.browser, `${server.url}#/${place}`));
}

async function started(): Promise<{ id: string }[]> {
  const answer = await fetch(`${server.url}api/vwmp/executions/`);
  return ((await answer.json()) as { results: { id: string }[] }).results;
}

const focused = (field: Locator): Promise<boolean> =>
  field.evaluate((element) => element === document.activeElement);

it('sends a signal as it was typed, or says why not', async () => {
  await open('executions');
  const { execution_id: id } = await server.platform.start('flow');
  const steps = async () => (await server.platform.execution(id))!.steps;
  await expect.poll(async () => (await steps()).wait?.status).toBe('waiting');
  await page.goto(`${server.url}#/executions/${id}`);
  await page.getByRole('button', { name: 'Signal' }).click();
  const dialog = page.getByRole('dialog');
  for (const [payload, told] of [
    ['{"id": 9007199254740993}', '9007199254740993 has more digits than a number can keep'],
    ['{"id": 1, "id": 2}', 'The key "id" stands twice'],
    ['{id: 1}', 'The payload is not JSON.'],
  ] as const) {
    await dialog.getByLabel('Payload').fill(payload);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText(told).waitFor();
  }
  expect((await steps()).wait?.status).toBe('waiting');
  await dialog.getByLabel('Payload').fill('{"id": "9007199254740993"}');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect.poll(async () => (await steps()).wait?.output).toEqual({ id: '9007199254740993' });
  await expect.poll(async () => (await steps()).ask?.status).toBe('waiting');
  await page.getByRole('button', { name: /^ask/ }).first().click();
  const count = page.getByLabel('Count');
  await count.pressSequentially('9007199254740993');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('more digits than a number can keep').waitFor();
  expect(await focused(count)).toBe(true);
  expect((await steps()).ask?.status).toBe('waiting');
  await count.fill('12');
  await page.getByRole('button', { name: 'Add to each' }).click();
  const each = page.getByLabel('Each 1', { exact: true });
  await each.fill('12345678901234567890');
  await page.getByRole('button', { name: 'Approve' }).click();
  expect(await focused(each)).toBe(true);
  expect((await steps()).ask?.status).toBe('waiting');
  await each.fill('7');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect
    .poll(async () => (await steps()).ask?.output)
    .toMatchObject({ values: { count: 12, each: [7] } });
});

it('runs nothing while a value cannot be read, and goes to it', async () => {
  await open('workflows/flow');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const run = dialog.getByRole('button', { name: 'Run', exact: true });
  const [count, options] = [dialog.getByLabel('Count'), dialog.getByLabel('Options')];
  expect(await options.getAttribute('placeholder')).toBe('{"keep":"me"}');
  await dialog.getByText('Default: ["a","b"]').waitFor();
  for (const text of ['-', '1e', '9007199254740993']) {
    await count.fill('');
    await count.pressSequentially(text);
    await run.click();
    expect(await count.getAttribute('aria-invalid'), text).toBe('true');
    expect(await focused(count), text).toBe(true);
  }
  await count.fill('');
  await count.pressSequentially('1200');
  await options.fill('{a: 1');
  await run.click();
  expect(await focused(options)).toBe(true);
  expect(await started()).toEqual([]);
  await options.fill('{a: 1}');
  const size = dialog.getByLabel('Size');
  expect(await size.getByRole('option').allTextContents()).toEqual(['Large (default)', '1', 'Large']);
  await size.selectOption('Large');
  await dialog.getByLabel('Note').fill('Two\nlines');
  await run.click();
  await dialog.waitFor({ state: 'detached' });
  const [only] = await started();
  expect((await server.platform.execution(only!.id))!.parameters).toMatchObject({
    count: 1200,
    options: { a: 1 },
    tags: ['a', 'b'],
    size: 2,
    note: 'Two\nlines',
  });
});

it('sends no other number from a list or a mapping than the one that was typed', async () => {
  await open('workflows/flow');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const run = dialog.getByRole('button', { name: 'Run', exact: true });
  for (let at = 0; at < 2; at++) await dialog.getByRole('button', { name: 'Add to nums' }).click();
  await dialog.getByLabel('New name in limits').fill('most');
  await dialog.getByLabel('New name in limits').press('Enter');
  const [first, second] = [1, 2].map((at) => dialog.getByLabel(`Nums ${at}`, { exact: true })) as [
    Locator,
    Locator,
  ];
  const most = dialog.getByLabel('most', { exact: true });
  for (const [field, text, better] of [
    [first, '12345678901234567890', '3'],
    [second, '-', '-5'],
    [most, '1e', '1e2'],
  ] as const) {
    await field.press('Control+a');
    await field.pressSequentially(text);
    await run.click();
    expect(await field.getAttribute('aria-invalid'), text).toBe('true');
    expect(await focused(field), text).toBe(true);
    await field.press('Control+a');
    await field.pressSequentially(better);
    expect(await field.inputValue()).toBe(better);
    expect(await field.getAttribute('aria-invalid')).toBeNull();
  }
  // What is written in an item stays with it when one before it is removed.
  await second.press('Control+a');
  await second.pressSequentially('-');
  const remove = dialog.getByRole('button', { name: 'Remove Nums 1' });
  await remove.click();
  expect(await focused(remove)).toBe(true);
  await run.click();
  expect(await started()).toEqual([]);
  expect(await focused(first)).toBe(true);
  await first.press('Control+a');
  await first.pressSequentially('-6');
  await dialog.getByRole('button', { name: 'Add to nums' }).click();
  await dialog.getByRole('button', { name: 'Remove Nums 2' }).press('Enter');
  expect(await focused(dialog.getByRole('button', { name: 'Add to nums' }))).toBe(true);
  // What need not be given can be taken away again, also after something that could not be read.
  const count = dialog.getByLabel('Count');
  for (const text of ['5', '-', '']) {
    await count.press('Control+a');
    await count.press('Delete');
    await count.pressSequentially(text);
  }
  expect(await started()).toEqual([]);
  await run.click();
  await dialog.waitFor({ state: 'detached' });
  const [only] = await started();
  expect((await server.platform.execution(only!.id))!.parameters).toMatchObject({
    count: 1,
    nums: [-6],
    limits: { most: 100 },
  });
});

it('takes a number with zeros behind its point while it is written', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  await page.locator('.react-flow__node[data-id="wait"]').click();
  const panel = page.locator('.vw-panel');
  await panel.getByRole('tab', { name: 'Failure' }).click();
  await panel.getByRole('button', { name: 'Retry' }).click();
  await panel.getByRole('button', { name: /more options/ }).click();
  await panel.getByLabel('Factor').pressSequentially('1.05');
  expect(await panel.getByLabel('Factor').inputValue()).toBe('1.05');
  await panel.getByLabel('Delay').first().pressSequentially('1.05s');
  expect(await panel.getByLabel('Delay').first().inputValue()).toBe('1.05s');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(async () => (await server.platform.workflows.get('flow'))!.text)
    .toMatch(/factor: 1\.05\b[\s\S]*delay: 1\.05s/);
});

it('saves and runs nothing else than what stands in the panel, and keeps what cannot be read', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  const panel = page.locator('.vw-panel');
  const step = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
  const save = page.getByRole('button', { name: 'Save' });
  const rev = (await server.platform.workflows.get('flow'))!.rev;
  const stored = async () => (await server.platform.workflows.get('flow'))!;

  await step('ask').click();
  await panel.getByRole('tab', { name: 'Flow' }).click();
  await panel.getByLabel('For each').fill('[1, 2');
  // Nobody is held up while something is being written.
  await panel.getByRole('tab', { name: 'Config' }).click();
  await step('wait').click();
  await page.getByText('Not saved', { exact: true }).waitFor();
  const told = page.locator('.vw-toast', { hasText: '"For each" cannot be read' });
  await save.click();
  await told.waitFor();
  const forEach = panel.getByLabel('For each');
  await expect.poll(() => focused(forEach)).toBe(true);
  expect(await forEach.inputValue()).toBe('[1, 2');
  // Neither by the keys, nor to run or to try it.
  await panel.getByRole('button', { name: 'Close panel' }).click();
  await page.keyboard.press('Control+s');
  await expect.poll(() => focused(forEach)).toBe(true);
  for (const name of ['Run', 'Test step']) await page.getByRole('button', { name, exact: true }).click();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect((await stored()).rev).toBe(rev);

  // It goes along with what is renamed, and outlives the page.
  await panel.getByRole('tab', { name: 'About' }).click();
  await panel.getByLabel('Id', { exact: true }).fill('question');
  await panel.getByLabel('Id', { exact: true }).press('Enter');
  await step('question').waitFor();
  await page.reload();
  await page.getByText('This is your work from before').waitFor();
  await save.click();
  await expect.poll(() => focused(forEach)).toBe(true);
  expect(await forEach.inputValue()).toBe('[1, 2');
  expect((await stored()).rev).toBe(rev);
  await forEach.press('End');
  await forEach.pressSequentially(']');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(async () => (await stored()).text)
    .toMatch(/id: question[\s\S]*foreach:\s+(- 1\s+- 2|\[1, 2\])/);
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
});

it('goes to what cannot be read wherever it was written', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  const panel = page.locator('.vw-panel');
  const save = page.getByRole('button', { name: 'Save' });
  const rev = (await server.platform.workflows.get('flow'))!.rev;
  await panel.getByRole('tab', { name: 'Triggers' }).click();
  for (let at = 0; at < 2; at++) await panel.getByRole('button', { name: 'Add a webhook' }).click();
  await panel.getByLabel('Events').nth(1).fill('{push');
  await panel.getByRole('tab', { name: 'About' }).click();
  await save.click();
  const second = panel.getByLabel('Events').nth(1);
  await expect.poll(() => focused(second)).toBe(true);
  expect(await panel.getByLabel('Events').nth(0).inputValue()).toBe('');
  // It stays with its trigger when the one before it goes, and goes with it.
  await panel.getByRole('button', { name: 'Remove trigger 1' }).click();
  expect(await panel.getByLabel('Events').inputValue()).toBe('{push');
  await save.click();
  await expect.poll(() => focused(panel.getByLabel('Events'))).toBe(true);
  expect((await server.platform.workflows.get('flow'))!.rev).toBe(rev);
  await panel.getByRole('button', { name: 'Remove trigger 1' }).click();
  await panel.getByRole('tab', { name: 'About' }).click();
  await panel.getByLabel('Description').fill('Again');
  await save.click();
  await expect.poll(async () => (await server.platform.workflows.get('flow'))!.text).toContain('Again');
});

it('lets what cannot be read go with its field, and saves', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  const panel = page.locator('.vw-panel');
  const save = page.getByRole('button', { name: 'Save' });
  const text = async () => (await server.platform.workflows.get('flow'))!.text;
  await panel.getByRole('tab', { name: /Parameters/ }).click();
  await panel.getByRole('button', { name: 'Add a parameter' }).click();
  const added = panel.getByRole('group', { name: 'Parameter parameter' });
  await added.getByLabel('Type').selectOption('enum');
  await added.getByLabel('Options').fill('[a, b');
  await added.getByLabel('Type').selectOption('string');
  await added.getByLabel('Options').waitFor({ state: 'detached' });
  await save.click();
  await expect.poll(text).toMatch(/name: parameter,?\s+type: string/);
  await added.getByLabel('Default').fill('[a, b');
  await added.getByLabel('Type').selectOption('secret');
  await save.click();
  await expect.poll(text).toContain('type: secret');

  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('combobox', { name: 'Steps' }).fill('approval');
  await page.keyboard.press('Enter');
  await panel.getByLabel('Form').fill('{type: object');
  await panel.getByRole('tab', { name: 'About' }).click();
  await panel.getByLabel('Handler').selectOption('core.log');
  await panel.getByRole('tab', { name: 'Config' }).click();
  await panel.getByLabel('Message').fill('Asked');
  await save.click();
  await expect.poll(text).toContain('handler: core.log');
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
});

it('lets go what no field shows, and does what was asked for', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  const panel = page.locator('.vw-panel');
  await panel.getByRole('tab', { name: /Parameters/ }).click();
  const note = panel.getByRole('group', { name: 'Parameter note' });
  await note.getByLabel('Validation').fill('{a: [');
  await page.getByText('Not saved', { exact: true }).waitFor();
  // As a page that had other fields would have left it.
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      const kept = localStorage.getItem(key)!;
      if (kept.includes('"validation"')) localStorage.setItem(key, kept.replace('"validation"', '"gone"'));
    }
  });
  await page.reload();
  await page.getByText('This is your work from before').waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await page.getByText('Not saved', { exact: true }).waitFor({ state: 'detached' });
});

it('keeps what cannot be read with its item when that is put back', async () => {
  await open('workflows/flow');
  await page.getByText('No problems').waitFor();
  const panel = page.locator('.vw-panel');
  await panel.getByRole('tab', { name: /Parameters/ }).click();
  const validation = (name: string): Locator =>
    panel.getByRole('group', { name: `Parameter ${name}`, exact: true }).getByLabel('Validation');
  await validation('options').fill('{a: [');
  await panel.getByRole('button', { name: 'Remove parameter count' }).click();
  await validation('count').waitFor({ state: 'detached' });
  expect(await validation('options').inputValue()).toBe('{a: [');
  await panel.getByRole('tab', { name: /Parameters/ }).focus();
  await page.keyboard.press('Control+z');
  await validation('count').waitFor();
  expect(await validation('count').inputValue()).toBe('');
  expect(await validation('options').inputValue()).toBe('{a: [');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => focused(validation('options'))).toBe(true);
});
