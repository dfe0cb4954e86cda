import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../app/lazy-app.ts';
import { createServer } from '../server/create-server.ts';
import { closeCodes } from './close-codes.ts';
import { openPlatform } from './testing/platform.ts';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'vwmp-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the program of the page on live events prints what it promises', async () => {
  const [, example = ''] = /^```ts\n(.*?)^```$/ms.exec(read('live.md')) ?? [];
  const promised = [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, output]) => output);
  expect(promised).toHaveLength(1);
  const platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  const server = createServer(platform);
  const { url } = await server.listen();
  try {
    const file = join(folder, 'example.mts');
    writeFileSync(file, example);
    const env = { ...process.env, VWMP: url };
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', file], { env });
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  } finally {
    await server.close();
    await platform.close();
  }
});

test('the page names every code that sockets are closed with', () => {
  const page = read('live.md');
  for (const code of Object.values(closeCodes)) expect(page).toMatch(new RegExp(`^\\|[^|]*${code}`, 'm'));
});

test('the trigger of the page on webhooks is valid', async () => {
  const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(read('webhooks.md')) ?? [];
  const platform = await openPlatform();
  const text = `name: Hook\nparameters: [{ name: commit, type: string }]\n${yaml}steps: [{ id: a, handler: core.set, config: { value: 1 } }]\n`;
  try {
    const body = {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/yaml', host: 'localhost' },
    };
    const answer = await createApp(platform).request('/api/vwmp/workflows/validate/', body);
    expect(await answer.json()).toMatchObject({ valid: true, problems: [] });
  } finally {
    await platform.close();
  }
});
