import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyToTree } from '../deliver/apply-patch.ts';
import { git, makeFolder, writeFiles } from '../testing/folder.ts';
import { createMemoryTree } from '../tree/tree.ts';
import { createPatch } from './patch.ts';

const line = fc.constantFrom('a', 'b', '', ' c ', '\td', 'ä', '-x', '+y', '\\', '@@ -1 +1 @@');
const text = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, eol, end]) => lines.join(eol) + (end ? eol : ''));
const names = ['a.md', 'with blank.md', 'ümlaut/ö.md', 'a"b\\c.md', "it's.md"];

it('what it writes is applied by git, and by the plugin itself, to the same', async () => {
  const folder = makeFolder();
  git(folder, 'init', '-q');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), text, text, async (file, before, after) => {
      fc.pre(before !== after && before !== '' && after !== '');
      writeFiles(folder, { [file]: before, 'x.patch': createPatch([{ file, before, after }]) });
      git(folder, '-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', 'x.patch');
      expect(readFileSync(join(folder, file), 'utf8')).toBe(after);
      if (file.includes('"')) return;
      const patch = createPatch([{ file, before, after }]);
      expect(await applyToTree(patch, createMemoryTree({ [file]: before }))).toEqual([
        { path: file, text: after },
      ]);
    }),
    { numRuns: 60 },
  );
}, 60_000);
