import { METHODS, request } from 'node:http';
import { VwmpError } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { expect, onTestFinished, test } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { openApiDocument } from '../openapi/document.ts';
import { probeTag } from '../openapi/probe-paths.ts';
import { createAuthenticator } from '../security/authenticate.ts';
import { createServer } from '../server/create-server.ts';
import { createAnswerChecker } from '../testing/answers.ts';
import { createOperation, type Operation, type OperationOptions } from './operation.ts';

type Headers = Record<string, string>;
interface Place {
  operation: Operation;
  port: number;
  /** `STATUS` of `GET PATH`, after the OpenAPI document was asked whether it allows the answer. */
  get(path: string, headers?: Headers): Promise<number>;
}

const checker = createAnswerChecker();
const met = new Set<string>();

async function place(
  environment: Headers = {},
  options: Partial<OperationOptions> = {},
  change: (platform: Platform) => Platform = (same) => same,
): Promise<Place> {
  const platform = change(await openPlatform({}, { ...environment, VWMP_API_PORT: '0' }));
  onTestFinished(() => platform.close());
  const operation = createOperation({ platform, ...options });
  const server = createServer(platform, platform.settings, { operation });
  const { port } = await server.listen();
  onTestFinished(() => server.close());
  const get = (path: string, headers: Headers = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers }, async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
        const status = response.statusCode!;
        const fault = checker.fault(path, 'get', status, response.headers['content-type'] ?? '', text);
        expect({ path, status, text: text.slice(0, 300), fault }).toMatchObject({ fault: undefined });
        met.add(`${path} ${status}`);
        resolve(status);
      })
        .on('error', reject)
        .end();
    });
  return { operation, port, get };
}

test('probes are answered as the OpenAPI document says', async () => {
  const { get, operation } = await place();
  expect(await get('/healthz')).toBe(200);
  expect(await get('/readyz')).toBe(200);
  expect(await get('/metrics')).toBe(200);
  expect(await get('/metrics', { origin: 'https://evil.example' })).toBe(403);
  operation.drain();
  expect(await get('/readyz')).toBe(503);
});

test('so is one whose parts are away', async () => {
  const parts = [{ name: 'database', backend: 'sqlite', ok: false, message: 'Gone.' }];
  const { get } = await place({}, {}, (platform) => ({
    ...platform,
    health: async () => ({ ready: false, parts }),
  }));
  expect(await get('/readyz')).toBe(503);
});

test('so is one without metrics, and one that wants a key', async () => {
  expect(await (await place({ VWMP_METRICS: 'false' })).get('/metrics')).toBe(404);
  expect(await (await place({ VWMP_API_AUTH: 'keys' })).get('/metrics')).toBe(401);
});

test('where keys cannot be looked up it is neither let in nor told why', async () => {
  const unavailable = async (): Promise<never> => {
    throw new VwmpError('STORE_UNAVAILABLE', 'Could not reach db.internal:5432.', { retryable: true });
  };
  const keys = { get: unavailable } as unknown as Platform['storage']['keys'];
  const authenticator = createAuthenticator({ keys, auth: 'keys' });
  const logged: unknown[] = [];
  const logger = { log: (...entry: unknown[]) => void logged.push(entry) };
  const { get } = await place({ VWMP_API_AUTH: 'keys' }, { authenticator, logger });
  const key = `vwmp_${'a'.repeat(12)}_${'b'.repeat(43)}`;
  expect(await get('/metrics', { authorization: `Bearer ${key}` })).toBe(503);
  expect(JSON.stringify(logged)).toContain('db.internal');
});

test('whatever is asked for, requests are counted by patterns of paths', async () => {
  const { port } = await place();
  const ask = (path: string, method: string): Promise<void> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method }, (response) =>
        response.resume().on('end', () => resolve()),
      )
        .on('error', reject)
        .end();
    });
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  for (let n = 0; n < 40; n++) {
    await ask(`/hostile-${n}`, 'GET');
    await ask(`/api/vwmp/workflows/hostile-${n}/?hostile-${n}`, 'GET');
    await ask(`/api/vwmp/executions/hostile-${n}/`, n % 2 ? 'REPORT' : 'DELETE');
    await ask(`/hostile-${n}`, methods[n] ?? 'GET');
  }
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).not.toContain('hostile');
  const series = text.match(/^http_requests_total\{.*/gm) ?? [];
  // A proxy that cuts off too much of the path is seen, too.
  expect(series).toContainEqual(
    expect.stringMatching(/^http_requests_total\{route="other",method="GET",status="404"\} 4\d$/),
  );
  expect(series.length).toBeLessThan(20);
});

test('every documented status of probes was met', () => {
  const { paths } = openApiDocument();
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.values(item)
      .filter(({ tags }) => (tags as string[]).includes(probeTag))
      .flatMap(({ responses }) => Object.keys(responses as object).map((status) => `${path} ${status}`)),
  );
  expect(documented.length).toBeGreaterThan(5);
  expect(documented.filter((each) => !met.has(each))).toEqual([]);
});
