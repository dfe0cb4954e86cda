import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../lib/paths.mjs';
import { publishedPackages } from './packages.mjs';
import { rehearseVersions } from './versions.mjs';

const published = publishedPackages();
/** The binary of SQLite needs Node-API 10. */
const sqlite = ['@vwmp/cli', '@vwmp/db-sqlite'];
const names = published.map(({ manifest }) => manifest.name);

test('all packages have one version, and are released together', () => {
  const { fixed } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'));
  expect(fixed.map((/** @type {string[]} */ each) => each.toSorted())).toEqual([names.toSorted()]);
  expect(new Set(published.map(({ manifest }) => manifest.version)).size).toBe(1);
});

test.each(published)('$manifest.name says all that a registry asks for', ({ folder, manifest }) => {
  const directory = `packages/${folder.split(/[\\/]/).at(-1)}`;
  expect(manifest).toMatchObject({
    license: 'MIT',
    type: 'module',
    engines: { node: sqlite.includes(manifest.name) ? '>=22.14' : '>=22.12' },
    repository: { type: 'git', url: 'git+https://github.com/vwmp/vwmp.git', directory },
    homepage: `https://github.com/vwmp/vwmp/tree/main/${directory}#readme`,
    bugs: 'https://github.com/vwmp/vwmp/issues',
    publishConfig: { access: 'public', provenance: true },
  });
  expect(manifest.description.length).toBeGreaterThan(10);
  expect(manifest.keywords).toContain('workflow');
  expect(manifest.files).toContain('dist');
  for (const name of ['README.md', 'LICENSE']) expect(existsSync(join(folder, name))).toBe(true);
  // Of the workspace the others are always taken as they are; what is published asks for the version of the same release.
  for (const kind of ['dependencies', 'peerDependencies'])
    for (const [name, range] of Object.entries(manifest[kind] ?? {}))
      if (name.startsWith('@vwmp/')) expect({ name, range }).toEqual({ name, range: 'workspace:^' });
});

test('changesets are for packages that there are, and written for users', () => {
  for (const file of readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md'))) {
    const [, head = '', text = ''] =
      /^---\n(.*?)\n---\n(.*)$/s.exec(readFileSync(join(root, '.changeset', file), 'utf8')) ?? [];
    for (const line of head.split('\n')) {
      const [, name] = /^'(@vwmp\/[\w-]+)': (?:major|minor|patch)$/.exec(line) ?? [];
      expect({ file, name }).toEqual({ file, name: names.find((each) => each === name) });
    }
    expect({ file, text: text.trim() }).toEqual({
      file,
      text: expect.stringMatching(/^[A-Z`].{20}[\s\S]*\.$/),
    });
  }
});

test('versions: this release and the next keep all packages in step', { timeout: 120_000 }, async () => {
  const small = "---\n'@vwmp/core': patch\n---\n\nRead numbers as they are written.\n";
  const [first = {}, second = {}] = await rehearseVersions({ small });
  const versionsOf = (/** @type {import('./versions.mjs').Released} */ release) => [
    ...new Set(Object.values(release).map(({ version }) => version)),
  ];
  expect(versionsOf(first)).toEqual([expect.stringMatching(/^\d+\.\d+\.0$/)]);
  expect(versionsOf(second)).toEqual([expect.stringMatching(/^\d+\.\d+\.1$/)]);
  expect(first['@vwmp/core']?.changelog).toMatch(
    /^# @vwmp\/core\n\n## [\d.]+\n\n### Minor Changes\n\n- [A-Z]/,
  );
  for (const { changelog } of Object.values(first))
    expect(changelog).not.toMatch(/Updated dependencies|^- [0-9a-f]{7}:/m);
  expect(second['@vwmp/core']?.changelog).toMatch(
    /### Patch Changes\n\n- Read numbers as they are written\.\n/,
  );
});
