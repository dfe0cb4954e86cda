import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statuses } from '../../packages/api/src/app/statuses.ts';
import { cliPage } from './cli-page.ts';
import { documentedCodes, errorsPage } from './errors-page.ts';
import { handlersPage } from './handlers-page.ts';
import { languagePage } from './language-page.ts';

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
  const root = join(import.meta.dirname, '../../packages');
  const documented = documentedCodes();
  const missing = new Set(Object.keys(statuses).filter((code) => !documented.has(code)));
  for (const file of globSync('*/src/**/*.ts', { cwd: root })) {
    if (/\.test\.ts$|\/(testing|init)\/|^(adapter-tests|designer)/.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(\*|\/\/).*$/gm, '');
    for (const [, code] of text.matchAll(/\bnew VwmpError\(\s*'([A-Z][A-Z0-9_]+)'/g)) {
      if (!documented.has(code!)) missing.add(`${code} in ${file}`);
    }
  }
  expect([...missing]).toEqual([]);
});
