import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { type Frame, MAX_WORK } from '../limits.ts';
import { matches } from './matches.ts';

const frame = (): Frame => ({ scope: {}, slots: [], left: MAX_WORK });
const test1 = (text: string, pattern: string): boolean => matches(frame(), text, pattern);

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  'é',
  '\\b',
  '^',
  '$',
  '\\.',
  '[\\d-]',
  '\\n',
  '😀',
  '[a-c]',
);
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 2 },
    atom,
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?:${inner})`),
  ),
  pattern: fc.oneof(
    { maxDepth: 2 },
    fc
      .array(
        fc
          .tuple(tie('piece'), fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{2,}'))
          .map(([a, b]) => a + (/^[\^$]|^\\b/.test(a) ? '' : b)),
        { maxLength: 4 },
      )
      .map((all) => all.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((all) => all.join('|')),
  ),
}));
const subject = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '1', '.', ' ', '\n', 'é', '😀', '-'),
  maxLength: 12,
});

test('it agrees with RegExp wherever both can answer', () => {
  fc.assert(
    fc.property(pattern, subject, (source, text) => {
      fc.pre(source.length < 60);
      expect(test1(text, source), `/${source}/u on ${JSON.stringify(text)}`).toBe(
        new RegExp(source, 'u').test(text),
      );
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ['Hello', '(?i)hello', true],
  ['Hello', '(?i:h)ello', true],
  ['Hello', '(?i:h)ELLO', false],
  ['a\nb', 'a.b', false],
  ['a\nb', '(?s)a.b', true],
  ['a\nb', '^b$', false],
  ['a\nb', '(?m)^b$', true],
  ['ab', '(?P<x>a)(?<y>b)', true],
  ['Ünï', '^\\p{Lu}\\p{L}+$', true],
  ['x-y_z', '^[\\w\\-]+$', true],
  ['{a}', '{a}', true],
  ['', '', true],
  ['v1.22.333', '^v(\\d+)\\.(\\d+)\\.(\\d+)$', true],
])('%j matches %s: %s', (text, source, expected) => {
  expect(test1(text, source)).toBe(expected);
});

test.each([
  '(',
  ')',
  'a)',
  '[a',
  '*',
  'a**',
  '(?=a)',
  '(?!a)',
  '(?<=a)b',
  '(a)\\1',
  '\\k<x>',
  'a{3,2}',
  'a{1001}',
  '[b-a]',
  '(?x)',
  '\\',
  '[[:alpha:]]',
  `${'('.repeat(60)}${')'.repeat(60)}`,
  'a'.repeat(1_001),
  '(a{500}){500}',
])('%s is refused with a reason', (source) => {
  expect(() => test1('a', source)).toThrow(
    expect.objectContaining({ message: expect.stringContaining('regular expression') }),
  );
  expect(() => test1('a', source)).toThrow(Failure as never);
});

test.each(['(a+)+$', '(a*)*b', '(a|a)*b', '(a|aa)+$', '(.*a){20}b', '(((a*)*)*)*b', '((){1000}){1000}b'])(
  '%s ends soon',
  (source) => {
    const start = performance.now();
    expect(test1(`${'a'.repeat(5_000)}!`, source)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  },
);
