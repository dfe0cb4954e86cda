import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExample } from '../testing/example.ts';
import { serve } from '../testing/serve.ts';
import { createSalesApi } from './sales-api.ts';
import { stats } from './stats.ts';

const open = () => openExample('nightly-report', [stats]);

test('reports what all pages hold', async () => {
  const { run, workspace } = await open();
  const execution = await run({ api: await serve(createSalesApi()) });
  const report = 'reports/nightly/2026-03-14.md';
  expect(execution).toMatchObject({ status: 'success', output: { report, sales: 9, total: 3239.7 } });
  const text = await readFile(join(workspace, report), 'utf8');
  expect(text).toContain('9 sales, 3239.7 € in all, 359.97 € each.');
  expect(text).toContain('Big ones: Aachen: 640 €, Bremen: 740 €, Celle: 840 €');
  const json = JSON.parse(await readFile(join(workspace, 'reports/nightly/2026-03-14.json'), 'utf8'));
  expect(json).toMatchObject({ day: '2026-03-14', sales: 9 });
});

test('says so when there is no big sale', async () => {
  const { run, workspace } = await open();
  await run({ api: await serve(createSalesApi()), big: 10_000 });
  expect(await readFile(join(workspace, 'reports/nightly/2026-03-14.md'), 'utf8')).toContain(
    'Big ones: none',
  );
});

test('gets through a server that is not ready yet', async () => {
  const { run } = await open();
  const execution = await run({ api: await serve(createSalesApi(3)) });
  expect(execution.status).toBe('success');
  expect(execution.steps.index?.attempts).toBe(4);
});

test('raises an alarm and fails when a page is missing', async () => {
  const { run, logs } = await open();
  const api = createServer((request, response) => {
    response.writeHead(request.url === '/sales' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ day: '2026-03-14', pages: ['/gone'] }));
  });
  const execution = await run({ api: await serve(api) });
  expect(execution.status).toBe('failed');
  expect(execution.steps.failed?.error?.code).toBe('NO_REPORT');
  // A page that is not there will not be there in a second either.
  expect(execution.steps.pages).toMatchObject({ attempts: 1, error: { code: 'HTTP_CLIENT_ERROR' } });
  expect(logs).toEqual([expect.stringContaining('404')]);
});

test('says what is wrong with an answer of another shape', async () => {
  const { run } = await open();
  const api = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"pages":7}');
  });
  const execution = await run({ api: await serve(api) });
  expect(execution.steps.pages?.error).toMatchObject({ code: 'FOREACH_NOT_A_LIST' });
});

test('refuses an address that is none', async () => {
  const { run } = await open();
  await expect(run({ api: 'sales.example.test' })).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' });
});
