// Measures the editor in a real browser and prints it as JSON: `npm run bench -- designer`. Arguments: how many samples.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch, openEditor, servePage } from '../test/browser.ts';
import { startServer } from '../test/server.ts';

declare global {
  interface Window {
    firstNode: number | undefined;
    ready: number | undefined;
    frameTimes: number[];
  }
}

/** One sample of everything; times in milliseconds. */
export interface DesignerSample {
  /** From the start of the navigation, with nothing in the cache, until a stored workflow of 12 steps can be edited. */
  interactive: number;
  /** From the start of the navigation until the first of 2,000 steps is on the canvas. */
  open: number;
  /** A frame while one of 500 steps is dragged, on average. */
  frame: number;
}

/** A tree with three branches everywhere. */
function workflow(count: number): string {
  const step = (at: number): string =>
    `  - { id: s${at}, handler: core.set${at === 0 ? '' : `, dependencies: [s${Math.floor((at - 1) / 3)}]`}, config: { value: ${at} } }\n`;
  return `name: Large\nsteps:\n${Array.from({ length: count }, (_, at) => step(at)).join('')}`;
}

async function measureInteractive(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.vw-editor:not([aria-busy]) .react-flow__node-step')) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        window.ready = performance.now();
      });
    }).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['aria-busy'],
    });
  });
  await page.goto(`${url}#/workflows/measured`);
  await page.waitForFunction(() => window.ready !== undefined);
  const time = await page.evaluate(() => window.ready!);
  if ((await page.locator('.react-flow__node-step').count()) !== 12)
    throw new Error('Not all steps are there.');
  await context.close();
  return time;
}

async function measureOpen(browser: Browser, url: string): Promise<number> {
  const { page } = await openEditor(browser, url, workflow(2000), {
    script: () => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.react-flow__node-step')) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          window.firstNode = performance.now();
        });
      }).observe(document, { childList: true, subtree: true });
    },
  });
  await page.waitForFunction(() => window.firstNode !== undefined);
  const time = await page.evaluate(() => window.firstNode!);
  if (
    (await page.evaluate(() => (window.store.getState().document as { steps: unknown[] }).steps.length)) !==
    2000
  )
    throw new Error('Not all steps are there.');
  await page.context().close();
  return time;
}

async function measureDrag(browser: Browser, url: string): Promise<number> {
  const { page } = await openEditor(browser, url, workflow(500));
  const node = page.locator('.react-flow__node-step').first();
  await page.getByRole('button', { name: 'No problems' }).waitFor();
  const before = (await node.boundingBox())!;
  const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 5, y + 5);
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const note = (now: number): void => {
      window.frameTimes.push(now - last);
      last = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  for (let at = 1; at <= 120; at++) await page.mouse.move(x + 5 + at * 2, y + 5 + at);
  const frames = await page.evaluate(() => window.frameTimes.slice(1));
  await page.mouse.up();
  const after = (await node.boundingBox())!;
  if (after.x - before.x < 100) throw new Error('The step was not dragged.');
  await page.context().close();
  return frames.reduce((sum, each) => sum + each, 0) / frames.length;
}

const served = await servePage(join(import.meta.dirname, '../test/fixture'));
const built = await servePage(join(import.meta.dirname, '../src/page'));
const server = await startServer(built.folder);
await fetch(`${server.url}api/vwmp/workflows/`, {
  method: 'POST',
  headers: { 'content-type': 'application/yaml' },
  body: `id: measured\n${workflow(12)}`,
});
const browser = await launch();
const samples: DesignerSample[] = [];
try {
  for (let count = 0; count < Number(process.argv[2] ?? 5); count++)
    samples.push({
      interactive: await measureInteractive(browser, server.url),
      open: await measureOpen(browser, served.url),
      frame: await measureDrag(browser, served.url),
    });
} finally {
  await browser.close();
  await server.close();
  await built.close();
  await served.close();
}
console.log(JSON.stringify(samples));
