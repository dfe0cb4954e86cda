import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { createRequest, type RequestConfig } from './request.ts';

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

/** A server with a certificate that nobody trusts; made for the test, so that no key lies in the repository. */
async function startTls(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vwmp-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-days',
    '2',
  ];
  await run('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert]);
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
    response.end('ok'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it.skipIf(!hasOpenssl)('does not talk to a server with a certificate that nobody trusts', async () => {
  const url = await startTls();
  const error = await failure(createRequest({})(createContext<RequestConfig>({ url })) as Promise<unknown>);
  expect(error).toMatchObject({ code: 'HTTP_TLS', retryable: false });
  expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
});
