// The editor in a real browser: with the mouse, with the keyboard alone, and as axe sees it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Execution } from '@vwmp/core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { read } from '../src/document/index.ts';
import { sampleDocuments } from '../src/document/testing/documents.ts';
import { launch, openEditor, type Served, servePage } from './browser.ts';

const poll = { timeout: 20_000 };
let served: Served;
let browser: Browser;
let failures: string[] = [];

beforeAll(async () => {
  served = await servePage(join(import.meta.dirname, 'fixture'));
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(failures).toEqual([]);
});

async function open(text: string, options: Parameters<typeof openEditor>[3] = {}): Promise<Page> {
  const opened = await openEditor(browser, served.url, text, options);
  failures = opened.failures;
  return opened.page;
}

/** Carries out a command by its name. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill(name);
  await page.keyboard.press('Enter');
}

const textOf = (page: Page): Promise<string> => page.evaluate(() => window.store.getState().text);
const stepOf = (page: Page, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
const said = (page: Page): Locator => page.locator('.vw-editor > [aria-live="polite"]');

/** When the canvas stands still: panels that open beside it make it show everything again. */
async function still(page: Page): Promise<void> {
  await page.locator('.vw-panel:not([aria-busy])').waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
    const moved = '.react-flow__viewport, .react-flow__node';
    const where = () =>
      Array.from(document.querySelectorAll(moved), (each) => each.getAttribute('style')).join();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let same = 0, before = where(); same < 8; same++) {
      await frame();
      if (where() !== before) same = -1;
      before = where();
    }
  });
}

async function drag(page: Page, from: Locator, to: { x: number; y: number }): Promise<void> {
  const box = (await from.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x - 5, to.y - 5, { steps: 4 });
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

async function middleOf(target: Locator): Promise<{ x: number; y: number }> {
  const box = (await target.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const three = `# Kept to the letter.
name: Three
steps:
  - id: load # first
    handler: http.request
    config: { url: "https://example.test" }
  - id: keep
    handler: file.write
    dependencies: [load]
    config: { path: a.json, content: "\${steps.load.output.body}" }
  - id: tell
    handler: core.log
    config: { message: hello }
`;

test('a workflow is drawn with the mouse, and undone to the letter', async () => {
  const page = await open('name: Empty # for now\n');
  await page.getByRole('button', { name: 'Add the first step' }).click();
  await page.getByRole('combobox', { name: 'Steps' }).fill('http');
  await page.getByRole('option', { name: /HTTP request/ }).click();
  await stepOf(page, 'request').waitFor();

  // From the palette onto the canvas.
  const canvas = page.locator('.react-flow__pane');
  const box = (await canvas.boundingBox())!;
  await page
    .getByRole('region', { name: 'Core' })
    .getByRole('button', { name: /^Log/ })
    .dragTo(canvas, { targetPosition: { x: box.width / 4, y: box.height - 120 } });
  await stepOf(page, 'log').waitFor();
  expect(await textOf(page)).not.toContain('dependencies');

  // From a port to a step.
  await still(page);
  await drag(
    page,
    stepOf(page, 'request').locator('[data-port="plain"]'),
    await middleOf(stepOf(page, 'log').locator('.vw-port-in')),
  );
  await expect.poll(() => textOf(page), poll).toContain('dependencies: [request]');

  // And to where nothing is: what is added there depends on it.
  await still(page);
  await stepOf(page, 'request').hover();
  await drag(page, stepOf(page, 'request').locator('[data-port="error"]'), {
    x: box.x + box.width - 60,
    y: box.y + box.height / 2 + 60,
  });
  await page.getByRole('combobox', { name: 'Steps' }).fill('fail');
  await page.keyboard.press('Enter');
  await stepOf(page, 'fail').waitFor();
  expect(await textOf(page)).toContain('request:error');

  await page.locator('.react-flow__edge').first().click({ force: true });
  await page.keyboard.press('Delete');
  await expect.poll(() => page.locator('.react-flow__edge').count(), poll).toBe(1);

  for (let count = 0; count < 5; count++) await page.getByRole('button', { name: /^Undo:/ }).click();
  expect(await textOf(page)).toBe('name: Empty # for now\n');
  expect(await page.evaluate(() => window.store.getState().isChanged)).toBe(false);
});

test('a double click on the palette adds what it is on, once, and the list stays where it is', async () => {
  const page = await open('name: Empty\n');
  await page
    .getByRole('region', { name: 'Core' })
    .getByRole('button', { name: /^Sleep/ })
    .dblclick();
  await stepOf(page, 'sleep').waitFor();
  expect(await page.locator('.react-flow__node').count()).toBe(1);
  expect(await page.getByRole('region', { name: 'Recent' }).count()).toBe(0);
  await page.locator('.react-flow__pane').hover();
  await page
    .getByRole('region', { name: 'Recent' })
    .getByRole('button', { name: /^Sleep/ })
    .waitFor();
});

test('the panel says what is wrong where no field shows it, too', async () => {
  const page = await open(`name: Wrong
labels: { a: 1 }
triggers:
  - schedule: 0 6 * * *
    overlap: never
    colour: red
steps:
  - id: items
    handler: core.log
    concurrency: 0
    config: { message: hello }
  - id: strange
    handler: nobody.knows
    config: { value: "\${steps.missing.output}" }
`);
  const wrong = page.locator('.vw-panel .vw-field-error');
  const told = async (): Promise<string> => (await wrong.allTextContents()).join('\n');
  await expect.poll(told, poll).toContain('labels');
  await page.getByRole('tab', { name: 'Triggers' }).click();
  await expect.poll(told, poll).toContain('colour');
  expect(await told()).toContain('overlap');
  await stepOf(page, 'items').click();
  await page.getByRole('tab', { name: 'Flow' }).click();
  await expect.poll(told, poll).toContain('concurrency');
  await stepOf(page, 'strange').click();
  await page.getByRole('tab', { name: 'Config' }).click();
  await expect.poll(told, poll).toContain('missing');
});

test('what is added in any other way is among the recent ones at once', async () => {
  const page = await open('name: Empty\n');
  const recent = page.getByRole('region', { name: 'Recent' }).getByRole('button');
  await page.keyboard.press('a');
  await page.keyboard.type('sleep');
  await page.keyboard.press('Enter');
  await expect.poll(() => recent.count(), poll).toBe(1);
  const core = page.getByRole('region', { name: 'Core' });
  await core.getByRole('button', { name: /^Fail/ }).press('Enter');
  await expect.poll(() => recent.count(), poll).toBe(2);
});

test('a workflow is built with the keyboard alone', async () => {
  const page = await open('name: Empty\n');
  await page.keyboard.press('a');
  await page.keyboard.type('http');
  await page.keyboard.press('Enter');
  await stepOf(page, 'request').waitFor();
  await page.keyboard.press('a');
  await page.getByRole('dialog', { name: 'Add a step after request' }).waitFor();
  await page.keyboard.type('write file');
  await page.keyboard.press('Enter');
  await stepOf(page, 'write').waitFor();
  await expect.poll(() => said(page).textContent(), poll).toContain('Add step: write');

  // To the first field of its panel, and back.
  await page.keyboard.press('F2');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), poll).toBe('TEXTAREA');
  await page.keyboard.type('out.json');
  await page.keyboard.press('Tab');
  await page.keyboard.type('${steps.request.output.bo');
  await page.getByRole('option', { name: /^body/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('}');
  expect(await textOf(page)).toContain('content: ${steps.request.output.body}');
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-id')), poll)
    .toBe('write');

  // By the outline to the other step, which is given an id that the expression follows.
  await page.keyboard.press('o');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.className), poll)
    .toBe('vw-outline-main');
  await page.keyboard.press('ArrowUp');
  await page.getByRole('region', { name: 'Step request' }).waitFor();
  await page.keyboard.press('Control+d');
  await stepOf(page, 'request_2').waitFor();
  await page.keyboard.press('Delete');
  await expect.poll(() => stepOf(page, 'request_2').count(), poll).toBe(0);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('left to right');
  await page.keyboard.press('Enter');
  await expect.poll(() => said(page).textContent(), poll).toContain('Arranged');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count(), poll).toBe(0);
});

test('templates are begun with, and added to what there is', async () => {
  const steps = [
    { id: 'tell', handler: 'core.log', config: { message: '${parameters.who}' } },
    { id: 'end', handler: 'core.log', dependencies: ['tell'], config: { message: 'bye' } },
  ];
  const document = { name: 'Greeting', parameters: [{ name: 'who', type: 'string' as const }], steps };
  const types = [
    {
      name: 'greetings',
      description: '',
      templates: [{ name: 'Greet', description: 'Says hello', document }],
    },
  ];
  const page = await open('id: mine\nname: Mine\n', { types });
  await page
    .getByRole('region', { name: 'Templates' })
    .getByRole('button', { name: /^Greet/ })
    .click();
  await stepOf(page, 'tell').waitFor();
  expect(await textOf(page)).toContain('id: mine\nname: Mine\n');
  await page.keyboard.press('a');
  await page.keyboard.type('greet');
  await page.keyboard.press('Enter');
  await stepOf(page, 'tell_2').waitFor();
  expect((await textOf(page)).match(/name: who/g)).toHaveLength(1);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await textOf(page)).toBe('id: mine\nname: Mine\n');
});

test('forms change the one line that they are about', async () => {
  const page = await open(three);
  await stepOf(page, 'load').click();
  await page.getByLabel('Url').fill('https://other.test');
  expect(await textOf(page)).toBe(three.replace('https://example.test', 'https://other.test'));
  await page.getByRole('tab', { name: 'Failure' }).click();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByLabel('Attempts').fill('3');
  expect(await textOf(page)).toContain('    retry:\n      attempts: 3\n  - id: keep');
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByLabel('Id', { exact: true }).fill('fetch');
  await page.keyboard.press('Enter');
  await stepOf(page, 'fetch').waitFor();
  const text = await textOf(page);
  expect(text).toContain('- id: fetch # first');
  expect(text).toContain('dependencies: [fetch]');
  expect(text).toContain('${steps.fetch.output.body}');
});

test('the page reads YAML as core does, without the part of the library that writes it', async () => {
  const page = await open('name: Any\n');
  const texts = [
    ...sampleDocuments().map(({ text }) => text),
    '%YAML 1.1\n---\nname: yes\nat: 2001-12-14\nbits: !!binary aGk=\nsteps: [0o17, 1_000, 0x1F, .5, ~]\n',
    'base: &base { a: 1 }\nmerged: { <<: *base, b: >-\n  folded\n  text }\nlist: !!omap [a: 1]\n? [k, l]\n: v\n',
    'a: [1, 2\nb: "open\n',
  ];
  const seen = await page.evaluate(
    (given) =>
      given.map((text) => {
        window.store.type(text);
        const { source } = window.store.getState();
        return JSON.stringify([source.value ?? null, source.problems]);
      }),
    texts,
  );
  for (const [at, text] of texts.entries()) {
    const { source } = read(text);
    expect(JSON.parse(seen[at]!), text).toEqual(
      JSON.parse(JSON.stringify([source.value ?? null, source.problems])),
    );
  }
});

test('secrets are named, files are those of the workspace, and code has an editor', async () => {
  const page = await open(
    `name: Fields
parameters: [{ name: key, type: secret }]
steps:
  - { id: call, handler: http.request, config: { url: "https://x.test", headers: { a: "\${secrets.TOKEN}" } } }
  - { id: push, handler: git.push, config: { credentials: { secret: "" } } }
  - { id: keep, handler: file.read, config: { path: /etc/passwd } }
  - { id: sum, handler: script.js, config: { code: "return 1 // one" } }
`,
    { secrets: ['DEPLOY_KEY'] },
  );
  await stepOf(page, 'push').click();
  await page.getByRole('button', { name: 'Choose a secret for Secret' }).click();
  await page.getByRole('menuitem', { name: 'DEPLOY_KEY' }).waitFor();
  await page.getByRole('menuitem', { name: 'TOKEN' }).click();
  expect(await textOf(page)).toContain('secret: "TOKEN"');
  await stepOf(page, 'keep').click();
  await page.getByText('This is not in the workspace.').waitFor();
  await page.getByLabel('Path').fill('data/in.csv');
  await page.getByText('This is not in the workspace.').waitFor({ state: 'detached' });
  await stepOf(page, 'sum').click();
  const code = page.locator('.vw-code-view[data-ready] .cm-content');
  await code.waitFor();
  await code.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two ${x}');
  await expect.poll(() => textOf(page), poll).toContain('"return 1 // one\\ntwo ${x}"');
  await page.getByText('is filled in before the code runs').waitFor();
  // What is said about it is tied to it, and takes nothing from whoever types.
  await expect.poll(() => code.getAttribute('aria-describedby'), poll).toContain('error');
  expect(await code.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  for (let left = 50; left > 0 && (await textOf(page)).includes('two'); left--)
    await page.keyboard.press('Control+z');
  expect(await textOf(page)).toContain('code: "return 1 // one" }');
  expect(await code.textContent()).toBe('return 1 // one');
});

test('what is wrong is said at the step, at the field and in the list', async () => {
  const page = await open(three);
  await stepOf(page, 'tell').click();
  await page.getByLabel('Message').fill('${steps.keep.output}');
  await page.locator('.vw-field-error').waitFor();
  expect(await page.locator('.vw-field-error').textContent()).toContain('keep');
  await expect.poll(() => stepOf(page, 'tell').getAttribute('aria-label'), poll).toContain('1 problem');
  await page.getByRole('button', { name: '1 problem' }).click();
  await page.getByRole('list', { name: 'Problems' }).getByRole('button').click();
  await page.getByRole('region', { name: 'Step tell' }).waitFor();
});

test('what is wrong in a value, with a config as a whole, or with a key that has no field, is said in the panel', async () => {
  const page = await open(`name: Wrong
steps:
  - id: list
    handler: core.set
    config: { value: { first: "\${steps.gone.output}" } }
  - id: nap
    handler: core.sleep
    retries: 3
output: { all: "\${steps.lost.output}" }
`);
  const wrong = page.locator('.vw-panel .vw-field-error');
  await expect.poll(() => wrong.count(), poll).toBe(0);
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect.poll(() => wrong.allTextContents(), poll).toEqual([expect.stringContaining('"lost"')]);
  await stepOf(page, 'list').click();
  await expect.poll(() => wrong.allTextContents(), poll).toEqual([expect.stringContaining('"gone"')]);
  expect(await page.getByLabel('Value').getAttribute('aria-invalid')).toBe('true');
  await stepOf(page, 'nap').click();
  await expect
    .poll(() => wrong.allTextContents(), poll)
    .toEqual([expect.stringContaining('"retries"'), expect.stringContaining('at least 1')]);
});

test('expressions are offered where they are read, and nowhere else', async () => {
  const page = await open(`name: Plain
triggers:
  - schedule: 0 6 * * *
concurrency: { policy: skip }
config: { unit: kg }
steps:
  - id: tell
    handler: core.log
    config: { message: hello }
    enabled: "\${true}"
    retry: { attempts: 2 }
    compensate: { handler: core.log, config: { message: undone } }
`);
  const fx = page.getByRole('button', { name: /^fx:/ });
  const taking = page.locator('.vw-panel [aria-autocomplete]');
  await page.getByRole('textbox', { name: 'Key' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Key' }).getAttribute('aria-autocomplete')).toBe('list');
  expect(await page.getByRole('textbox', { name: 'Limit' }).getAttribute('aria-autocomplete')).toBe(null);
  expect(await taking.count()).toBe(1);
  expect(await fx.count()).toBe(0);
  await page.getByRole('tab', { name: 'Triggers' }).click();
  await page.getByLabel('Fires that were missed').waitFor();
  expect(await fx.count()).toBe(0);
  await stepOf(page, 'tell').click();
  await page.getByRole('tab', { name: 'Failure' }).click();
  await page.getByLabel('Attempts').waitFor();
  expect(await fx.count()).toBe(0);
  // The config of what undoes it.
  expect(await taking.count()).toBe(1);
  // One that was written where none is read can be taken away.
  await page.getByRole('tab', { name: 'Flow' }).click();
  expect(await fx.count()).toBe(1);
  await fx.click();
  await expect.poll(() => fx.count(), poll).toBe(0);
  expect(await textOf(page)).not.toContain('enabled');
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByRole('button', { name: 'fx: write Level as an expression' }).waitFor();
});

test('an expression shows what it gives with the data of the last execution', async () => {
  const lastExecution = {
    parameters: {},
    steps: { load: { status: 'success', attempts: 1, output: { body: { rows: 3 } } } },
  } as unknown as Execution;
  const page = await open(three, { lastExecution });
  await stepOf(page, 'keep').click();
  await page.locator('.vw-preview code').waitFor();
  expect(await page.locator('.vw-preview code').textContent()).toBe('{"rows":3}');
});

test('a circle is refused, and why', async () => {
  const page = await open(three);
  await still(page);
  await drag(
    page,
    stepOf(page, 'keep').locator('[data-port="plain"]'),
    await middleOf(stepOf(page, 'load').locator('.vw-port-in')),
  );
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('wait for each other');
  expect(await textOf(page)).toBe(three);
});

test('moving a step changes no line, and is undone', async () => {
  const page = await open(three);
  await still(page);
  const box = (await stepOf(page, 'tell').boundingBox())!;
  // Beside another one: near the edge the canvas goes along, for as long as the mouse is there.
  const below = async (): Promise<number> => {
    const [of, to] = await Promise.all([
      stepOf(page, 'tell').boundingBox(),
      stepOf(page, 'load').boundingBox(),
    ]);
    return of!.y - to!.y;
  };
  const before = await below();
  await drag(page, stepOf(page, 'tell'), { x: box.x + box.width / 2 + 40, y: box.y + 200 });
  await expect.poll(async () => (await below()) - before, poll).toBeGreaterThan(100);
  expect(await textOf(page)).toBe(three);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => Math.abs((await below()) - before), poll).toBeLessThan(1);
});

test('a step that is half out of sight stays below the mouse, and is brought into sight when it is let go', async () => {
  const page = await open(three);
  await still(page);
  const canvas = (await page.locator('.vw-canvas').boundingBox())!;
  const [first, empty] = [await middleOf(stepOf(page, 'tell')), { x: canvas.x + 60, y: canvas.y + 60 }];
  await page.mouse.move(empty.x, empty.y);
  await page.mouse.down();
  await page.mouse.move(empty.x + canvas.x + canvas.width - first.x, empty.y, { steps: 4 });
  await page.mouse.up();
  const tell = (await stepOf(page, 'tell').boundingBox())!;
  expect(tell.x + tell.width).toBeGreaterThan(canvas.x + canvas.width + 50);
  const from = { x: tell.x + 20, y: tell.y + tell.height / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  // The first moves only start it.
  await page.mouse.move(from.x, from.y + 4, { steps: 2 });
  await page.mouse.move(from.x, from.y + 100, { steps: 4 });
  await still(page);
  const held = (await stepOf(page, 'tell').boundingBox())!;
  expect(Math.abs(held.x - tell.x)).toBeLessThan(3);
  expect(Math.abs(held.y - tell.y - 100)).toBeLessThan(6);
  await page.mouse.up();
  await expect
    .poll(async () => {
      const { x, width } = (await stepOf(page, 'tell').boundingBox())!;
      return x + width;
    }, poll)
    .toBeLessThanOrEqual(canvas.x + canvas.width);
  // As far as it has to, so that the rest stays where it was.
  await still(page);
  const { x, y, width } = (await stepOf(page, 'tell').boundingBox())!;
  expect(x + width).toBeGreaterThan(canvas.x + canvas.width - 20);
  expect(Math.abs(y - held.y)).toBeLessThan(6);
});

test('steps are copied as YAML and pasted from any text', async () => {
  const page = await open(three);
  await stepOf(page, 'load').click();
  await stepOf(page, 'keep').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('- id: load\n    handler: http.request');
  await page.keyboard.press('Control+v');
  await stepOf(page, 'keep_2').waitFor();
  expect(await textOf(page)).toContain('dependencies: [load_2]');
  await page.evaluate(() => navigator.clipboard.writeText('- id: other\n  handler: core.set\n'));
  await page.keyboard.press('Control+v');
  await stepOf(page, 'other').waitFor();
});

test('the steps of a file are added where it is dropped, and text without any is told of', async () => {
  const page = await open(three);
  await still(page);
  const drop = async (text: string): Promise<void> => {
    const dataTransfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'flow.yaml'));
      return data;
    }, text);
    await page.locator('.react-flow__pane').dispatchEvent('drop', { dataTransfer });
  };
  await drop('name: Other\nsteps:\n  - { id: dropped, handler: core.log, config: { message: Hi } }\n');
  await stepOf(page, 'dropped').waitFor();
  expect(await textOf(page)).toContain('- id: dropped\n');
  const text = await textOf(page);
  await drop('Dear all,');
  await page.getByRole('alert').getByText('It has no steps.').waitFor();
  expect(await textOf(page)).toBe(text);
});

test('steps are copied and cut on a page that has no clipboard, as over plain HTTP', async () => {
  const page = await open(three, {
    script: () => Object.defineProperty(navigator, 'clipboard', { value: undefined }),
  });
  await stepOf(page, 'tell').click();
  await command(page, 'Cut');
  await stepOf(page, 'tell').waitFor({ state: 'detached' });
  await stepOf(page, 'load').click();
  await page.keyboard.press('Control+v');
  await stepOf(page, 'tell').waitFor();
  await command(page, 'Paste YAML');
  await page.getByRole('alert').getByText('does not let the page read the clipboard').waitFor();
});

test('undo is of a field as long as its text stands nowhere else', async () => {
  const page = await open(three);
  await stepOf(page, 'tell').click();
  await page.getByLabel('Message').fill('hi');
  const changed = three.replace('hello', 'hi');
  await page.getByRole('tab', { name: 'About' }).click();
  const id = page.getByLabel('Id', { exact: true });
  await id.click();
  await page.keyboard.press('End');
  await page.keyboard.type('_all');
  await page.keyboard.press('Control+z');
  await expect.poll(() => id.inputValue(), poll).toBe('tell');
  expect(await textOf(page)).toBe(changed);
  await page.keyboard.press('Control+z');
  await expect.poll(() => textOf(page), poll).toBe(three);
});

test('code is typed on while its editor comes', async () => {
  const page = await open('name: Code\nsteps:\n  - { id: sum, handler: script.js, config: { code: "1" } }\n');
  const held = Promise.withResolvers<void>();
  await page.route('**/code-view-*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  await stepOf(page, 'sum').click();
  await page.getByLabel('Code').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' + 2');
  held.resolve();
  await page.locator('.vw-code-view[data-ready]').waitFor();
  await page.keyboard.type(' + 3');
  await expect.poll(() => textOf(page), poll).toContain('code: "1 + 2 + 3"');
});

test('the text shows the step that is chosen on the canvas, also after its cursor was moved', async () => {
  const page = await open(three);
  await page.keyboard.press('Control+e');
  const line = page.locator('.cm-activeLine');
  await page.locator('.cm-line', { hasText: 'handler: http.request' }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.getByRole('region', { name: 'Step load' }).waitFor();
  await stepOf(page, 'tell').click();
  await expect.poll(() => line.textContent(), poll).toContain('id: tell');
});

test('text and canvas are one document; while the text is broken the last good one stays', async () => {
  const page = await open(three);
  await page.keyboard.press('Control+e');
  const content = page.locator('.cm-content');
  await content.waitFor();
  await content.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('bad: a: b');
  await page.getByRole('region', { name: 'YAML' }).getByRole('status').waitFor();
  expect(await page.locator('.react-flow__node-step').count()).toBe(3);
  await expect.poll(() => page.getByRole('button', { name: 'The text has a mistake' }).count(), poll).toBe(1);
  await page.keyboard.press('Control+z');
  await expect.poll(() => textOf(page), poll).toBe(three);
  await page.getByRole('region', { name: 'YAML' }).getByRole('status').waitFor({ state: 'detached' });

  await page.keyboard.press('Control+End');
  await page.keyboard.type('  - id: more\nhandler: core.set\n');
  await stepOf(page, 'more').waitFor();
  await stepOf(page, 'tell').click();
  await page.getByLabel('Message').fill('good day');
  await expect.poll(() => content.textContent(), poll).toContain('good day');
});

test('the text editor offers what the schema, the handlers and the scope know', async () => {
  const page = await open(three);
  await page.keyboard.press('Control+e');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  const option = (name: string) => page.locator('.cm-tooltip-autocomplete').getByText(name, { exact: true });
  await page.keyboard.type('desc');
  await option('description').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Delete');
  await page.keyboard.type('  - id: more\nhandler: http.req');
  await option('http.request').waitFor();
});

test('a schedule is told in words with its next fires', async () => {
  const page = await open(
    `${three}triggers:\n  - { schedule: "0 6 * * MON-FRI", timezone: Europe/Berlin }\n`,
  );
  await page.getByRole('tab', { name: 'Triggers 1' }).click();
  await page.getByText('At 06:00, Monday through Friday').waitFor();
  expect(await page.getByRole('list', { name: 'Next fires' }).getByRole('listitem').count()).toBe(3);
  // As it is while someone writes another one.
  await page.evaluate(() =>
    window.store.edit('x', (text) => text.replace('timezone: Europe/Berlin', 'timezone: ""')),
  );
  await page.getByText('UTC', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await page.getByRole('tab', { name: 'Triggers 2' }).waitFor();
  // Where anyone may call it, as what is missing says.
  const missing = page.getByText('A webhook needs a');
  await missing.waitFor();
  await page.getByLabel('Signature').fill('none');
  await missing.waitFor({ state: 'detached' });
  expect(await textOf(page)).toContain('signature: none');
});

test('parameters are added and renamed, and expressions follow', async () => {
  const page = await open(three);
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.getByRole('button', { name: 'Add a parameter' }).click();
  await page.getByRole('tab', { name: 'Parameters 1' }).waitFor();
  expect(await textOf(page)).toContain('- name: parameter\n    type: string\n');
  await page.evaluate(() =>
    window.store.edit('x', (text) => text.replace('message: hello', 'message: "${parameters.parameter}"')),
  );
  await page.getByLabel('Name', { exact: true }).fill('greeting');
  await page.keyboard.press('Enter');
  await expect.poll(() => textOf(page), poll).toContain('${parameters.greeting}');
});

test('a large workflow opens, and only what is in sight is rendered', async () => {
  const steps = Array.from(
    { length: 1000 },
    (_, at) =>
      `  - { id: s${at}, handler: core.set${at === 0 ? '' : `, dependencies: [s${Math.floor((at - 1) / 3)}]`}, config: { value: ${at} } }\n`,
  );
  const page = await open(`name: Large\nsteps:\n${steps.join('')}`);
  await page.locator('.react-flow__node-step').first().waitFor();
  expect(await page.locator('.react-flow__node-step').count()).toBeLessThan(1000);
  await page.keyboard.press('o');
  await expect.poll(() => page.locator('.vw-outline-row').count(), poll).toBe(1000);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe complains of. In the dark only colours are another. */
async function complaints(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  await page.evaluate(axe);
  const runOnly =
    theme === 'dark'
      ? { type: 'rule', values: ['color-contrast'] }
      : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  return page.evaluate(async (rules) => {
    interface Axe {
      run(
        options: object,
      ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
    }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run({ runOnly: rules });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  }, runOnly);
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${theme}`, async () => {
    const page = await open(
      readFileSync(join(import.meta.dirname, '../../../examples/nightly-report/workflow.yaml'), 'utf8'),
      { theme },
    );
    await page.getByRole('button', { name: /problem/ }).waitFor();
    expect(await complaints(page, theme)).toEqual([]);
    await page.locator('.react-flow__node-step').nth(1).click();
    for (const tab of ['Flow', 'Failure', 'About', 'Config']) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      expect(await complaints(page, theme)).toEqual([]);
    }
    await page.getByRole('tab', { name: 'Outline' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^Parameters/ }).click();
    expect(await complaints(page, theme)).toEqual([]);
    await page.getByRole('tab', { name: /^Triggers/ }).click();
    await page.getByRole('tab', { name: /^Problems/ }).click();
    await page.setViewportSize({ width: 1440, height: 420 });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await complaints(page, theme)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.press('Control+e');
    await page.locator('.cm-content').waitFor();
    expect(await complaints(page, theme)).toEqual([]);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await complaints(page, theme)).toEqual([]);
  });
}
