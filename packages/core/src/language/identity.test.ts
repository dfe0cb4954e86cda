import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { documentId, slug } from './identity.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

test.each([
  ['Nightly report', 'nightly-report'],
  ['  Größe & Übermaß (v1.2)  ', 'grosse-ubermass-v1.2'],
  ['Ærø — Łódź', 'aero-lodz'],
  ['--a--', 'a'],
  ['ﬁle №5', 'file-no5'],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('%j gives %j', (name, id) => {
  expect(slug(name)).toBe(id);
});

test('names without Latin letters give different ids', () => {
  expect(slug('日報')).toMatch(/^workflow-[a-z0-9]+$/);
  expect(slug('日報')).not.toBe(slug('週報'));
});

test('always a valid id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(slug(name))),
  );
});

test('an id of its own comes first', () => {
  expect(documentId({ id: 'own', name: 'Other' })).toBe('own');
});
