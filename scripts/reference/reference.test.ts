import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statuses } from '../../packages/api/src/app/statuses.ts';
import { allSpecs } from '../../packages/cli/src/cli/all-specs.ts';
import { isGroup } from '../../packages/cli/src/cli/command.ts';
import { cliPage } from './cli-page.ts';
import { documentedCodes, errorsPage, handlerCodes, handlerPages } from './errors-page.ts';
import { handlersPage } from './handlers-page.ts';
import { languagePage } from './language-page.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

// `npm run reference` writes the pages anew.
test.each([
  ['cli', cliPage],
  ['errors', errorsPage],
  ['handlers', handlersPage],
  ['language', languagePage],
])('docs/reference/%s.md says what the code says', async (name, page) => {
  await expect(page()).toMatchFileSnapshot(`../../docs/reference/${name}.md`);
});

test('every code that is thrown anywhere is among the errors', () => {
  const packages = join(root, 'packages');
  const documented = documentedCodes();
  const missing = new Set(Object.keys(statuses).filter((code) => !documented.has(code)));
  for (const file of globSync('*/src/**/*.ts', { cwd: packages })) {
    if (/\.test\.ts$|\/(testing|init)\/|^(adapter-tests|designer)/.test(file)) continue;
    const text = readFileSync(join(packages, file), 'utf8').replace(/^\s*(\*|\/\/).*$/gm, '');
    for (const [, code] of text.matchAll(/\bnew VwmpError\(\s*'([A-Z][A-Z0-9_]+)'/g)) {
      if (!documented.has(code!)) missing.add(`${code} in ${file}`);
    }
  }
  expect([...missing]).toEqual([]);
});

test.each(handlerPages)('every error of @vwmp/%s says whether another attempt is worth it', (name) => {
  const listed = [...read(`packages/${name}/README.md`).matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)];
  const rows = handlerCodes(name);
  expect(rows.map(([code]) => code)).toEqual(listed.map(([, code]) => code));
  for (const [, , retryable] of rows) expect(retryable).toMatch(/^(yes|no)\b/);
});

test('docs/api.md lists what is answered with which status', () => {
  const [, table = ''] = /\n## Errors\n(.*?)\n## /s.exec(read('docs/api.md')) ?? [];
  const listed = [...table.matchAll(/^\| (\d{3}) \| (.*) \|$/gm)].flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => [code!, Number(status)] as const),
  );
  expect(Object.fromEntries(listed)).toEqual({ ...statuses, INTERNAL_ERROR: 500 });
});

test('the README of the command lists every command, and all of a group', () => {
  const rows = [...read('packages/cli/README.md').matchAll(/^\| `vwmp ([a-z]+)[^|]*\| (.*) \|$/gm)];
  const listed = new Map(rows.map(([, name, text]) => [name!, text!]));
  const named = Object.keys(allSpecs).filter((name) => name !== 'help');
  expect([...listed.keys()].sort()).toEqual(named.sort());
  for (const [name, entry] of Object.entries(allSpecs)) {
    if (!isGroup(entry)) continue;
    for (const command of Object.keys(entry.commands)) expect(listed.get(name)).toContain(`\`${command}\``);
  }
});
