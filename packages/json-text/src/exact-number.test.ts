import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExact, lossOf } from './exact-number.ts';

const exact = (written: string): boolean => isExact(written, Number(written));

test.each([
  ...['0', '-0', '0.0', '-0.000', '0e5', '1.10', '.5', '1e2', '0.1000000000000000055511151231257827'],
  ...['9007199254740991', '-9007199254740991', '9007199254740991.0', '9007199254740992.0'],
  ...['1e21', '1.5e300', '1E23', '1.7976931348623157e308', '5e-324', '18446744073709552000'],
  ...['18446744073709551616', '9007199254740993000000', '3.9353054023913708e+20'],
])('%s means what is written', (written) => {
  expect(exact(written)).toBe(true);
});

test.each([
  ...['9007199254740993', '-9007199254740993', '9007199254740993.0', '90071992547409931e-1'],
  ...['12345678901234567890', '18446744073709551617', '1e-400', '-0.1e-400', '1e400', '-1e400'],
])('%s would be another number', (written) => {
  expect(exact(written)).toBe(false);
});

test('a number of any length is read in time', () => {
  const zeros = '0'.repeat(1_000_000);
  expect(lossOf(`12345678901234567890.${zeros}1`)).toMatch(/^would be rounded/);
  expect(lossOf(`9007199254740992.${zeros}`)).toBeUndefined();
  expect(lossOf(`0.${zeros}`)).toBeUndefined();
});

test('what a program writes of a double is exact, and loses nothing', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      const written = JSON.stringify(value);
      expect([isExact(written, value), lossOf(written)]).toEqual([true, undefined]);
      expect(lossOf(value.toExponential(16))).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect([exact(String(value)), lossOf(String(value))]).toEqual([true, undefined]);
    }),
  );
});

/** But for zeros at the end and the power. */
const isAlike = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((text) => text.replace(/e.*$|[.]/g, '').replace(/0+$/, ''));
  return one === other;
};

test('an integer loses something when it becomes another one', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (integer) => {
      const [written, value] = [String(integer), Number(integer)];
      const isKept = [String(value), String(BigInt(value)), value.toPrecision(17)].some((each) =>
        isAlike(each, written),
      );
      expect(lossOf(written)).toBe(
        isKept
          ? undefined
          : `would be rounded to ${BigInt(value)}: integers are exact up to 9007199254740991`,
      );
    }),
  );
});

test.each([
  ['9007199254740992', undefined],
  ['18446744073709551616', undefined],
  ['1.795385292287e18', undefined],
  ['1e-400', 'is smaller than numbers can be'],
  ['9007199254740993.0', /^would be rounded to 9007199254740992: /],
  ['0.12345678901234567890', undefined],
  ['9007199254740993', /^would be rounded to 9007199254740992: /],
  ['-9007199254740993', /^would be rounded to -9007199254740992: /],
  ['1e400', 'is larger than numbers can be'],
  [`-1${'0'.repeat(400)}`, 'is larger than numbers can be'],
])('%s of JSON', (written, told) => {
  if (told === undefined) expect(lossOf(written)).toBeUndefined();
  else expect(lossOf(written)).toMatch(told);
});

test('an integer that is written in another way, or in blanks', () => {
  expect(lossOf(' 9007199254740993\n')).toContain('9007199254740992');
  expect(lossOf(' 18446744073709552000\n')).toBeUndefined();
  expect(lossOf('0x20000000000001')).toContain('9007199254740992');
  expect(lossOf('0x20000000000000')).toBeUndefined();
  expect(lossOf('.inf', Number.POSITIVE_INFINITY)).toBe('is larger than numbers can be');
  expect(lossOf('.nan', Number.NaN)).toBe('is no number that JSON can hold');
});
