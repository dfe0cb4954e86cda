// Takes the pictures of the designer that stand in the README: `npm run screenshots`. What they show really happened, on a server
// of its own whose clock goes a day back for the history.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from '@vwmp/api';
import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import type { Page } from 'playwright-core';
import { launch } from '../test/browser.ts';

const to = join(import.meta.dirname, '../../../docs/images');
const hour = 3_600_000;

const orders = `id: daily-orders
name: Daily import of orders
description: Fetches, checks and loads the orders of a day, and reports them.
triggers:
  - schedule: "0 6 * * *"
    timezone: Europe/Berlin
parameters:
  - name: day
    type: string
    default: "2026-11-20"
  - name: strict
    type: boolean
    default: false
steps:
  # One file for each shop.
  - id: list
    name: List the files
    handler: core.set
    config: { value: [berlin, paris, rome, oslo] }
  - id: fetch
    name: Fetch each file
    handler: core.sleep
    dependencies: [list]
    foreach: \${steps.list.output}
    config: { duration: 260ms }
  - id: rates
    name: Exchange rates
    handler: core.sleep
    dependencies: [list]
    config: { duration: 620ms }
  - id: clean
    name: Clean the orders
    handler: core.set
    dependencies: [fetch, rates]
    config:
      value:
        - { id: 1041, shop: berlin, customer: Ana, total: 12.5 }
        - { id: 1042, shop: paris, customer: Ben, total: 80 }
        - { id: 1043, shop: rome, customer: Chloe, total: 7.25 }
  - id: verify
    name: Verify the totals
    handler: core.fail
    when: \${parameters.strict}
    dependencies: [clean]
    config: { message: 12 orders of oslo have no customer, code: ORDERS_INCOMPLETE }
    retry: { attempts: 3, delay: 240ms }
  - id: load
    name: Load into the warehouse
    handler: core.sleep
    dependencies: [clean]
    config: { duration: 780ms }
  - id: report
    name: Report
    handler: core.log
    dependencies: [load]
    config: { message: "Loaded \${size(steps.clean.output)} orders of \${parameters.day}" }
`;

const release = `id: release
name: Release to production
parameters:
  - name: version
    type: string
    default: 4.2.0
steps:
  - id: build
    name: Build
    handler: core.sleep
    config: { duration: 700ms }
  - id: unit
    name: Unit tests
    handler: core.sleep
    dependencies: [build]
    config: { duration: 900ms }
  - id: browser
    name: Browser tests
    handler: core.sleep
    dependencies: [build]
    config: { duration: 1300ms }
  - id: approve
    name: Ask for approval
    handler: core.approval
    dependencies: [unit, browser]
    config: { prompt: "Release \${parameters.version} to production?" }
  - id: deploy
    name: Deploy
    handler: core.sleep
    dependencies: [approve]
    config: { duration: 900ms }
  - id: announce
    name: Announce it
    handler: core.log
    dependencies: [deploy]
    config: { message: "\${parameters.version} is out" }
`;

const cleanup = `id: cleanup
name: Clean up old files
steps:
  - id: clean
    handler: core.sleep
    config: { duration: 120ms }
`;

let behind = 24 * hour;
const clock = {
  now: () => Date.now() - behind,
  setTimer(at: number, callback: () => void, { background = false } = {}) {
    const timer = setTimeout(callback, Math.max(0, at - clock.now()));
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};

mkdirSync(to, { recursive: true });
const { settings } = readSettings(
  {
    VWMP_DATABASE_BACKEND: 'memory',
    VWMP_API_PORT: '0',
    VWMP_LOG_LEVEL: 'error',
    VWMP_WORKER_CONCURRENCY: '64',
  },
  { cwd: import.meta.dirname, envFile: false },
);
const platform = await createPlatform(settings, { from: import.meta.dirname, clock });
await platform.open();
const server = createServer(platform, settings, { page: join(import.meta.dirname, '../dist/page') });
const { url } = await server.listen();
const browser = await launch();
try {
  for (const text of [orders, release, cleanup]) {
    await fetch(`${url}/api/vwmp/workflows/`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: text,
    });
  }
  // How much happens in each hour of a day, and how often something fails.
  const day = [2, 1, 1, 2, 1, 3, 9, 6, 7, 8, 9, 11, 8, 9, 12, 10, 11, 9, 7, 5, 4, 3, 2, 3];
  for (const [index, count] of day.entries()) {
    behind = (day.length - index) * hour - hour / 2;
    const started = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        n % 3 === 0
          ? platform.start('daily-orders', { strict: (index + n) % 7 === 0 })
          : platform.start('cleanup'),
      ),
    );
    await Promise.all(started.map(({ execution_id }) => platform.wait(execution_id)));
  }
  behind = 0;
  const failed = (await platform.start('daily-orders', { strict: true })).execution_id;
  await platform.wait(failed);
  await platform.start('release', { version: '4.1.9' });
  const waiting = (await platform.start('release')).execution_id;
  while ((await platform.execution(waiting))?.status !== 'waiting')
    await new Promise((go) => setTimeout(go, 50));

  const take = async (
    name: string,
    place: string,
    prepare: (page: Page) => Promise<void>,
    dark = false,
  ): Promise<void> => {
    const context = await browser.newContext({
      viewport: { width: 1360, height: 860 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`${url}/#/${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await prepare(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(to, `${name}.png`) });
    await context.close();
    console.log(`docs/images/${name}.png`);
  };

  await take('dashboard', '', (page) => page.getByText('Release 4.2.0 to production?').waitFor());
  await take('canvas', 'workflows/daily-orders', async (page) => {
    await page.getByText('No problems').waitFor();
    await page.locator('.react-flow__node[data-id="fetch"]').click();
    await page.locator('.vw-panel').getByText('Fetch each file').first().waitFor();
  });
  await take('text', 'workflows/daily-orders', async (page) => {
    await page.getByText('No problems').waitFor();
    await page.getByRole('button', { name: 'Hide the side' }).click();
    await page
      .locator('.vw-panel')
      .getByRole('button', { name: /^Close/ })
      .click();
    await page.getByRole('button', { name: /YAML/i }).first().click();
    await page.locator('.cm-content').waitFor();
  });
  await take('timeline', `executions/${failed}`, async (page) => {
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('button', { name: /^verify/ }).click();
    await page.getByText('ORDERS_INCOMPLETE').first().waitFor();
  });
  const running = (await platform.start('daily-orders')).execution_id;
  await take('running', `executions/${running}`, async (page) => {
    await page.locator('.vw-xnode[data-status="success"]').first().waitFor();
  });
  await take(
    'dark',
    `executions/${waiting}`,
    async (page) => {
      await page.getByRole('button', { name: /Ask for approval/ }).click();
      await page.getByRole('heading', { name: 'Release 4.2.0 to production?' }).waitFor();
    },
    true,
  );
} finally {
  await browser.close();
  await server.close(0);
  await platform.close();
}
