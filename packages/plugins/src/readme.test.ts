import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plugins } from './index.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

it('lists each error code that a handler gives, and no other', () => {
  const sources = globSync('*/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const given = sources.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...text.matchAll(/(?<!'var', )'((?:HTTP|FILE|SHELL|GIT|RELEASE|SCRIPT|DATA)_[A-Z_]+)'/g)].map(
      ([, code]) => code,
    );
  });
  const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual([...new Set(given)].sort());
});

it('lists each handler, and shows it at work', () => {
  const paths = plugins.flatMap(({ name, handlers = {} }) =>
    Object.keys(handlers).map((key) => `${name}.${key}`),
  );
  expect([...readme.matchAll(/^\| `([a-z]+\.[a-z_]+)` \|/gm)].map(([, path]) => path)).toEqual(paths);
  for (const path of paths) expect(readme).toContain(`handler: ${path}`);
});
