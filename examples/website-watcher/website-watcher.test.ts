import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { openExample } from '../testing/example.ts';
import { serve } from '../testing/serve.ts';
import { createWebsite } from './website.ts';

const open = () => openExample('website-watcher');

test('looks until the website is healthy', async () => {
  const { run } = await open();
  const execution = await run({ url: await serve(createWebsite({ sick: 2, version: '3.1.4' })) });
  expect(execution).toMatchObject({ status: 'success', output: { healthy: true, version: '3.1.4' } });
});

test('is content with a healthy website that does not tell its version', async () => {
  const { run, logs } = await open();
  const url = await serve(createWebsite({ sick: 0 }));
  const execution = await run({ url });
  expect(execution).toMatchObject({ status: 'partial', output: { healthy: true, version: null } });
  expect(logs).toEqual([`info ${url} is healthy, version unknown`]);
});

test('raises an alarm when it stays sick', async () => {
  const { run, logs } = await open();
  const alarms: string[] = [];
  const chat = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text) => alarms.push(text));
    request.on('end', () => response.end());
  });
  const url = await serve(createWebsite({ sick: 100 }));
  const execution = await run({ url, alarm_url: await serve(chat) });
  expect(execution.status).toBe('failed');
  expect(execution.steps.probe?.error?.code).toBe('REPEAT_LIMIT');
  expect(execution.steps.down?.error?.code).toBe('WEBSITE_DOWN');
  expect(logs).toEqual([expect.stringContaining(`error ${url} is down`)]);
  expect(JSON.parse(alarms.join(''))).toMatchObject({ website: url, code: 'REPEAT_LIMIT' });
});

test('fails the same way when the alarm reaches nobody', async () => {
  const { run } = await open();
  const url = await serve(createWebsite({ sick: 100 }));
  const execution = await run({ url, alarm_url: 'http://127.0.0.1:9' });
  expect(execution.steps.notify?.status).toBe('failed');
  expect(execution.steps.down?.error?.code).toBe('WEBSITE_DOWN');
});

test('refuses an address without http', async () => {
  const { run } = await open();
  await expect(run({ url: 'example.test' })).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' });
});
