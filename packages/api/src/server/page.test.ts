import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createServer, type VwmpServer } from './create-server.ts';

const page = mkdtempSync(join(tmpdir(), 'vwmp-page-'));
let platform: Platform;
let server: VwmpServer;
let url: string;
beforeAll(async () => {
  mkdirSync(join(page, 'assets'));
  writeFileSync(join(page, 'index.html'), '<title>A page</title>');
  writeFileSync(join(page, 'assets', 'a-1.js'), 'let a;');
  writeFileSync(join(page, 'assets', 'b-1.js'), 'let b;');
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  server = createServer(platform, platform.settings, { page });
  ({ url } = await server.listen());
});
afterAll(async () => {
  await server.close();
  await platform.close();
  rmSync(page, { recursive: true });
});

test('what has a hash in its name is kept, the page itself is asked for each time', async () => {
  const html = await fetch(url, { headers: { accept: 'text/html' } });
  expect([html.status, html.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  expect(await html.text()).toBe('<title>A page</title>');
  const asset = await fetch(`${url}/assets/a-1.js`);
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(await asset.text()).toBe('let a;');
});

test('what a browser has already is not sent again', async () => {
  const headers = { accept: 'text/html' };
  const etag = (await fetch(url, { headers })).headers.get('etag')!;
  const again = await fetch(url, { headers: { ...headers, 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test.each([
  ['br', 'a-1.js.br', brotliCompressSync],
  ['gzip', 'a-1.js.gz', gzipSync],
])('a file that was built as %s, too, is sent as that to who reads it', async (encoding, name, compress) => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-page-'));
  cpSync(page, folder, { recursive: true });
  writeFileSync(join(folder, 'assets', name), compress('let a;'));
  const other = createServer(platform, platform.settings, { page: folder });
  onTestFinished(async () => {
    await other.close();
    rmSync(folder, { recursive: true });
  });
  const asset = `${(await other.listen()).url}/assets/a-1.js`;
  const answer = await fetch(asset, { headers: { 'accept-encoding': encoding } });
  expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([encoding, 'let a;']);
  const plain = await fetch(asset, { headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, 'let a;']);
});

test.each(['bytes=5-2', 'bytes=99-', 'bytes=x', 'bytes=-1', 'lines=1-2'])(
  'who asks for the part %s gets all of it',
  async (range) => {
    const answer = await fetch(`${url}/assets/a-1.js`, { headers: { range } });
    expect([answer.status, await answer.text()]).toEqual([200, 'let a;']);
  },
);

test('a file that has gone since the server began ends that answer, and nothing else', async () => {
  rmSync(join(page, 'assets', 'b-1.js'));
  await expect(fetch(`${url}/assets/b-1.js`).then((answer) => answer.text())).rejects.toThrow();
  expect((await fetch(`${url}/assets/a-1.js`)).status).toBe(200);
});
