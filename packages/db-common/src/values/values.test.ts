import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocumentCache, storeDocument } from './document.ts';
import { pageLimit, pageOf, readCursor } from './page.ts';
import { fromText, toText } from './text.ts';
import { fromTime, toTime } from './time.ts';
import { folded, wordsOf } from './words.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', 'a\0b', '\ud83d', '\ude00x', '\u{10ffff}', '\u{10ffff}"x"', 'plain'),
);

test('every text comes back as it was, and is one that any database can hold', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(fromText(toText(a))).toBe(a);
      expect(toText(a).isWellFormed()).toBe(true);
      expect(toText(a)).not.toContain('\0');
      // Two are stored alike only if they are.
      expect(toText(a) === toText(b)).toBe(a === b);
    }),
    { numRuns: 1000 },
  );
});

test('most texts are stored as they are', () => {
  for (const text of ['', 'a', 'ä€😀', '{"a":1}', '"', '\n']) expect(toText(text)).toBe(text);
});

test('times are milliseconds, whatever their zone; what is none is refused with what it was for', () => {
  expect(toTime('1970-01-01T01:00:00.005+01:00', 'x')).toBe(5);
  expect(fromTime(5)).toBe('1970-01-01T00:00:00.005Z');
  expect(() => toTime('yesterday', 'The start')).toThrow('The start is no time in ISO 8601: "yesterday".');
});

test('a time of the same minute as the one before is what it is by itself', () => {
  const near = fc
    .integer({ min: 0, max: 200_000 })
    .map((after) => fromTime(Date.UTC(2026, 11, 31, 23, 58) + after));
  const odd = fc.constantFrom(
    ...['2026-12-31T23:59:60.000Z', '2026-12-31T23:59:5 .000Z', '2026-12-31T23:59:59,000Z'],
    ...['2026-12-31T23:59:59.000z', '2026-12-31T23:59:59.000', '2026-12-31T24:00:00.000Z'],
    ...['2026-12-31T24:00:01.000Z', '2026-12-31T23:59:59.00:Z', '2026-12-31T23:59:59.0000'],
  );
  const read = (text: string): number => {
    try {
      return toTime(text, 'x');
    } catch {
      return Number.NaN;
    }
  };
  fc.assert(
    fc.property(fc.array(fc.oneof(near, near, odd), { minLength: 2 }), (texts) => {
      expect(texts.map(read)).toEqual(texts.map((text) => Date.parse(text)));
    }),
    { numRuns: 1000 },
  );
});

test('words are what stands between anything else, once each, whatever the case', () => {
  expect(wordsOf('Connection to "db-1.example:5432" REFUSED, refused (Grüße)')).toBe(
    'connection to db 1 example 5432 refused grüße',
  );
  expect(wordsOf(' -- !?')).toBe('');
  expect(folded('A\u0308B')).toBe('äb');
});

test('a page ends with a cursor that only its own list takes', () => {
  const rows = [1, 2, 3].map((n) => ({ n, id: `e${n}` }));
  const page = pageOf(
    rows,
    2,
    7,
    ({ n, id }) => [n, id],
    ({ id }) => id,
  );
  expect(page).toEqual({ results: ['e1', 'e2'], next_cursor: expect.any(String), count: 7 });
  const query = { cursor: page.next_cursor };
  expect(readCursor(query, 'number', 'string')).toEqual([2, 'e2']);
  expect(readCursor({}, 'number')).toBeUndefined();
  for (const types of [['string'], ['number'], ['string', 'number']] as const)
    expect(() => readCursor(query, ...types)).toThrow('is no cursor of this list');
  expect(() => readCursor({ cursor: '%%%' }, 'number')).toThrow('is no cursor of this list');
  const last = pageOf(
    rows,
    3,
    3,
    ({ n }) => [n],
    ({ id }) => id,
  );
  expect(last.next_cursor).toBeUndefined();
});

test('a page holds from 1 to 500 entries', () => {
  expect([undefined, 0, -5, 1.9, 500, 501, Number.NaN].map((limit) => pageLimit({ limit }))).toEqual([
    50, 1, 1, 1, 500, 500, 1,
  ]);
});

test('equal documents are stored once, and one that can be changed is looked at each time', () => {
  const document = { name: 'A', steps: [{ id: 'a', handler: 'core.set' }] };
  const first = storeDocument(document);
  expect(storeDocument(structuredClone(document)).hash).toBe(first.hash);
  expect(first.hash).toMatch(/^[\w-]{24}$/);
  document.name = 'B';
  expect(storeDocument(document).hash).not.toBe(first.hash);
  const frozen = Object.freeze({ name: 'C', steps: Object.freeze([]) });
  expect(storeDocument(frozen)).toBe(storeDocument(frozen));
  // Frozen on the outside only.
  const inner = { id: 'a', handler: 'core.set' };
  const outer = Object.freeze({ name: 'D', steps: Object.freeze([inner]) });
  const before = storeDocument(outer).hash;
  inner.id = 'b';
  expect(storeDocument(outer).hash).not.toBe(before);
});

test('documents that were read are shared, and forgotten when others come', () => {
  const cache = createDocumentCache(2);
  const stored = ['A', 'B', 'C'].map((name) => storeDocument({ name, steps: [] }));
  const read = stored.map((each) => cache.read(each));
  expect(Object.isFrozen(read[0]) && Object.isFrozen(read[0]!.steps)).toBe(true);
  expect(stored.map(({ hash }) => cache.get(hash))).toEqual([undefined, read[1], read[2]]);
  expect(() => cache.read({ hash: 'x', body: '{' })).toThrow(
    'What is stored of the document x cannot be read',
  );
});
