// A web API to try the workflow on: node examples/nightly-report/sales-api.ts [port]
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const shops = ['Aachen', 'Bremen', 'Celle'];
const pages = shops.map((shop, index) => ({
  sales: [19.9, 120, 640].map((amount) => ({ shop, amount: amount + index * 100 })),
}));

/** @param failures - as many requests are answered with 503 first */
export function createSalesApi(failures = 0): Server {
  let left = failures;
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const page = pages[Number(url.searchParams.get('page')) - 1];
    const index = { day: '2026-03-14', pages: pages.map((_, at) => `/sales?page=${at + 1}`) };
    const body = left-- > 0 ? undefined : url.searchParams.has('page') ? page : index;
    response.writeHead(body ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: 'not now' }));
  });
}

if (import.meta.main) {
  const server = createSalesApi();
  server.listen(Number(process.argv[2] ?? 8787), '127.0.0.1', () => {
    console.log(`Sales on http://127.0.0.1:${(server.address() as AddressInfo).port}/sales`);
  });
}
