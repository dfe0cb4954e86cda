import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/**
 * A registry on this machine that has the given packed packages, and nothing else: for npm, which takes everything of their scope
 * from it, they are published.
 *
 * @param {string[]} tarballs
 * @returns {Promise<{ url: string, versions: Record<string, string>, close(): void }>}
 */
export async function openRegistry(tarballs) {
  const files = new Map(tarballs.map((file) => [basename(file), readFileSync(file)]));
  const manifests = new Map(
    tarballs.map((file) => {
      const text = execFileSync('tar', ['-xzOf', file, 'package/package.json']).toString();
      return [JSON.parse(text).name, { ...JSON.parse(text), file: basename(file) }];
    }),
  );
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1));
    const tarball = files.get(name);
    if (tarball) return void response.end(tarball);
    const manifest = manifests.get(name);
    response.setHeader('content-type', 'application/json');
    if (!manifest) return void response.writeHead(404).end('{"error":"not here"}');
    const { file, version } = manifest;
    const bytes = files.get(file) ?? Buffer.alloc(0);
    const dist = {
      tarball: `${url}/${file}`,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
    };
    const versions = { [version]: { ...manifest, dist } };
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    versions: Object.fromEntries([...manifests].map(([name, { version }]) => [name, version])),
    close: () => void server.close(),
  };
}
