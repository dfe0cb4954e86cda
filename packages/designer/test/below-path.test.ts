// The page behind something that puts all of the server below a path, as proxies do.
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openPage, startServer, type TestServer } from './server.ts';
import { useBuilt } from './use-built.ts';

const orders = `id: orders
name: Orders of the day
steps:
  - { id: ask, handler: core.approval, config: { prompt: Send them? } }
`;

const built = useBuilt(join(import.meta.dirname, '../src/page'));
let server: TestServer;
let proxy: Server;

afterEach(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await server.close();
});

/** Passes on what is asked for below a path, requests and sockets. */
async function proxyBelow(path: string, target: URL): Promise<string> {
  const below = (url: string | undefined): string | undefined =>
    url?.startsWith(path) ? url.slice(path.length - 1) : undefined;
  proxy = createServer((incoming, answer) => {
    const place = below(incoming.url);
    if (place === undefined) {
      answer.writeHead(404).end();
      return;
    }
    const { method, headers } = incoming;
    const sent = request(
      { host: target.hostname, port: target.port, path: place, method, headers },
      (got) => {
        answer.writeHead(got.statusCode!, got.headers);
        got.pipe(answer);
      },
    );
    incoming.pipe(sent);
  });
  proxy.on('upgrade', (incoming, socket, head: Buffer) => {
    const lines = incoming.rawHeaders.flatMap((name, at, all) => (at % 2 ? [] : [`${name}: ${all[at + 1]}`]));
    const sent = connect(Number(target.port), target.hostname, () => {
      sent.write([`GET ${below(incoming.url)} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      sent.write(head);
      sent.pipe(socket).pipe(sent);
    });
    for (const end of [sent, socket]) end.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`;
}

it('works below a path, live', async () => {
  server = await startServer(built.folder);
  const headers = { 'content-type': 'application/yaml' };
  await fetch(`${server.url}api/vwmp/workflows/`, { method: 'POST', headers, body: orders });
  const url = await proxyBelow('/tools/flows/', new URL(server.url));
  const { execution_id: id } = await server.platform.start('orders', {});
  const { page, failures } = await openPage(built.browser, `${url}#/executions/${id}`);
  await page.getByText('A decision is waited for').waitFor();
  await server.platform.decideApproval(id, 'ask', { approved: true });
  await page.getByText('Succeeded').first().waitFor();
  expect(failures).toEqual([]);
  await page.goto(`${url}docs/`);
  await page.getByRole('heading', { name: 'Schemas' }).last().waitFor();
  expect(failures).toEqual([]);
  await page.context().close();
});
