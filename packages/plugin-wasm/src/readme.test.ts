import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = import.meta.dirname;
const readme = readFileSync(join(folder, '../README.md'), 'utf8');

it('lists each error code that is given, and no other', () => {
  const given = globSync('*.ts', { cwd: folder })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/'(WASM_[A-Z_]+)'/g)].map(([, code]) => code),
    );
  const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual([...new Set(given)].sort());
});
