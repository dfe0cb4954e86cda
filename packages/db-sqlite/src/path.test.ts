import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSqliteStorage } from './storage.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

/** Names that mean something to SQLite, to its driver or to a shell. */
const oddNames = [
  ...[
    ':memory:',
    'file:x.db',
    'file:x?mode=memory',
    'x.db?mode=ro',
    'x#y',
    '%20',
    'a%00b',
    ' ',
    ' x',
    'x ',
    '\t',
  ],
  ...[
    'x\n',
    '\ufeffx',
    'x\u00a0',
    '\u2003',
    '-wal',
    'x-wal',
    '.db',
    '...',
    '~',
    '$HOME',
    '*',
    '"',
    "'",
    ';',
    'ä.db',
  ],
  ...['a\u0308.db', '😀', 'NUL', 'con', 'x'.repeat(200), '\\', 'C:x', 'sqlite:x', 'x\r', '\u0001', '&|<>'],
];

const nameArb = fc.oneof(
  fc.constantFrom(...oddNames),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.tuple(fc.constantFrom(...oddNames), fc.constantFrom(...oddNames)).map(([a, b]) => a + b),
);

/** What a file system takes: one name, well-formed and not too long. */
function isName(name: string): boolean {
  if (name.includes('\0') || name.includes('/') || name === '.' || name === '..') return false;
  // SQLite adds to it.
  return name.isWellFormed() && Buffer.byteLength(name) < 240;
}

test.each(drivers)(
  'property 2: %s creates the SQLite file at exactly the configured path',
  async (driver) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(nameArb.filter(isName), { maxLength: 2 }),
        nameArb.filter(isName),
        async (folders, name) => {
          const place = join(folder, String(++run));
          // Not `join`, which would have opinions on some of them.
          const path = [place, ...folders, name].join('/');
          const storage = createSqliteStorage({ path, driver });
          await storage.open();
          try {
            await storage.audit.add({ at: new Date(0).toISOString(), actor: 'a', action: 'b', subject: 'c' });
            expect(lstatSync(path).isFile()).toBe(true);
            expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
          } finally {
            await storage.close();
          }
          // Nothing else is left anywhere.
          const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).sort();
          const expected = [...folders, name].map((_, index) =>
            [...folders, name].slice(0, index + 1).join('/'),
          );
          expect(files).toEqual(expected.sort());
        },
      ),
      { numRuns: 100 },
    );
  },
);

test('a relative path counts from the folder in which the storage is made', async () => {
  const before = process.cwd();
  process.chdir(folder);
  const storage = createSqliteStorage({ path: 'data/vwmp.db' });
  process.chdir(before);
  await storage.open();
  await storage.close();
  expect(existsSync(join(folder, 'data', 'vwmp.db'))).toBe(true);
});
