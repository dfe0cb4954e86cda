import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern, refusalOf } from './pattern.ts';

const characters = fc.constantFrom('a', 'b', 'B', '0', '_', '-', ' ', '\n', 'é', '😀', '\ud83d', '\u2028');
const text = fc.array(characters, { maxLength: 8 }).map((parts) => parts.join(''));
const atom = fc.constantFrom(
  ...['a', 'b', '0', '-', '_', ' ', 'é', '😀', '.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\n', '\\t'],
  ...['\\.', '\\$', '\\x61', '\\u0062', '\\u{1f600}', '\\ud83d\\ude00', '\\ud83d', '\\cA', '[\\0]', '\\p{L}'],
  ...['\\P{Lu}', '[ab]', '[^a]', '[a-z0-9_-]', '[\\w-]', '[\\]\\\\]', '[^]', '[]', '[😀-😎]', '[.]', '[\\b]'],
  ...['^', '$', '\\b', '\\B', ''],
);
const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '{0}', '*?', '+?', '??', '{1,2}?');
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(fc.constantFrom('(', '(?:'), tie('pattern'), quantifier)
      .map(([open, a, q]) => `${open}${a})${q}`),
    fc.tuple(atom, quantifier).map(([a, q]) => (/^(?:[\^$]|\\[bB]|)$/.test(a) ? a : a + q)),
  ),
}));

test('gives the verdict of RegExp', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      // V8 also looks for places between the halves of a character, which ECMA-262 passes over: /\B/u matches in "a😀a".
      fc.pre(!/\\B/.test(source) || !/\p{Surrogate}|[\u{10000}-\u{10ffff}]/u.test(subject));
      const expected = new RegExp(source, 'u').test(subject);
      expect(compilePattern(source).test(subject), `/${source}/ on ${JSON.stringify(subject)}`).toBe(
        expected,
      );
      if (expected) matched++;
    }),
    { numRuns: 5_000 },
  );
  // Or it would compare nothing.
  expect(matched).toBeGreaterThan(500);
  expect(matched).toBeLessThan(4_800);
});

test.each([
  '(a+)+$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(.*)*(.*)*x$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a?){40}a{40}$',
  '(?:(?:(?:a*)*)*)*b',
  '([^x]*,)*$',
])('%s takes steps in proportion to the text', (source) => {
  const steps = (length: number): number => {
    let sum = 0;
    expect(
      compilePattern(source).test(`${'a'.repeat(length)}!`, (more) => {
        sum += more;
      }),
    ).toBe(new RegExp(source, 'u').test('a!'));
    return sum;
  };
  const few = steps(1_000);
  expect(steps(100_000)).toBeLessThan(few * 120);
});

test.each<[string, RegExp | undefined]>([
  ['a(', /no valid/],
  ['[b-a]', /no valid/],
  ['(?=a)b', /looks ahead or behind with "\(\?="/],
  ['^(?!a)', /looks ahead or behind with "\(\?!"/],
  ['(?<=a)b', /looks ahead or behind/],
  ['(?<!a)b', /looks ahead or behind/],
  ['(a)\\1', /refers back/],
  ['(?<n>a)\\k<n>', /refers back/],
  ['(a{1000}){1000}', /too large/],
  ['(?:){1000000000}(?:(?:){1000000000}){1000000000}', undefined],
  [`${'('.repeat(200)}a${')'.repeat(200)}`, /100 groups/],
  ['(?<year>\\d{4})-(?:0[1-9]|1[0-2])', undefined],
  ['(?i:a)', /flags|no valid/],
])('%s is refused: %s', (source, reason) => {
  if (reason) expect(refusalOf(source)).toMatch(reason);
  else expect(refusalOf(source)).toBeUndefined();
});

test('who counts the steps can end it', () => {
  const charge = (): void => {
    throw new RangeError('enough');
  };
  expect(() => compilePattern('a{500}$').test('a'.repeat(10_000), charge)).toThrow('enough');
});
