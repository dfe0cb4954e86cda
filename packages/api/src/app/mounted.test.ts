import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createApp } from './lazy-app.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.close());

const document = {
  id: 'mounted',
  name: 'Mounted',
  steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
};

test('mounted in a server of HTTP/2, where no header says that there is a body, it reads the body', async () => {
  const app = createApp(platform);
  const server = createServer(getRequestListener((request, env) => app.fetch(request, env)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const request = client.request({
      ...{ ':method': 'POST', ':path': '/api/vwmp/workflows/', ':authority': '127.0.0.1' },
      'content-type': 'application/json',
    });
    const answered = once(request, 'response') as Promise<[{ ':status': number }]>;
    request.write(JSON.stringify(document).slice(0, 20));
    request.end(JSON.stringify(document).slice(20));
    const [headers] = await answered;
    expect({ status: headers[':status'], body: JSON.parse(await text(request)) as unknown }).toMatchObject({
      status: 201,
      body: { id: 'mounted' },
    });
  } finally {
    client.close();
    server.close();
  }
});
