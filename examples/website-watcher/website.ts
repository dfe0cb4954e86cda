// A website that takes a while to become healthy: node examples/website-watcher/website.ts [port]
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebsiteOptions {
  /** As many looks find it sick before it is healthy. */
  sick?: number;
  /** What /version answers; nothing: 404. */
  version?: string;
}

export function createWebsite({ sick = 2, version }: WebsiteOptions = {}): Server {
  let left = sick;
  return createServer((request, response) => {
    const healthy = request.url === '/health' ? left-- <= 0 : version !== undefined;
    const missing = request.url === '/version' ? 404 : 503;
    response.writeHead(healthy ? 200 : missing, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === '/version' ? { version: version ?? null } : { healthy }));
  });
}

if (import.meta.main) {
  const server = createWebsite({ version: '3.1.4' });
  server.listen(Number(process.argv[2] ?? 8788), '127.0.0.1', () => {
    console.log(`A website on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}
