import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toJson } from './to-json.ts';

function frozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(frozen);
}

function failure(value: unknown, options?: Parameters<typeof toJson>[1]): { code: string; message: string } {
  try {
    return { code: 'NONE', message: JSON.stringify(toJson(value, options)) };
  } catch (error) {
    return error as ReturnType<typeof failure>;
  }
}

test('it gives what JSON would give, deeply frozen, and leaves the original alone', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('"__proto__"'));
      const before = JSON.stringify(value);
      const copy = toJson(value);
      expect(copy).toEqual(JSON.parse(before));
      expect(frozen(copy)).toBe(true);
      expect(JSON.stringify(value)).toBe(before);
      if (typeof value === 'object' && value !== null) expect(Object.isFrozen(value)).toBe(false);
    }),
  );
});

test('a result is returned as it is, alone and as a part', () => {
  const result = toJson({ a: [1, { b: 2 }], text: 'x'.repeat(300) });
  expect(toJson(result)).toBe(result);
  expect((toJson({ x: result }) as { x: unknown }).x).toBe(result);
  // What is frozen only at the top is not trusted.
  const shallow = Object.freeze({ a: [1] });
  expect(toJson(shallow)).not.toBe(shallow);
});

test.each<[string, unknown, unknown]>([
  ['undefined', undefined, null],
  ['undefined in a map', { a: undefined, b: 1 }, { b: 1 }],
  ['undefined and holes in a list', Object.assign(new Array(3), { 1: undefined, 2: 1 }), [null, null, 1]],
  ['a date', [new Date(0)], ['1970-01-01T00:00:00.000Z']],
  ['a bigint', 5n, 5],
  ['-0', { a: -0 }, { a: 0 }],
  ['toJSON', { toJSON: () => ({ a: [new URL('https://a.test/')] }) }, { a: ['https://a.test/'] }],
  [
    'a class',
    new (class Point {
      x = 1;
      #y = 2;
      get y() {
        return this.#y;
      }
    })(),
    { x: 1 },
  ],
  [
    'what was boxed',
    { n: new Number(5), s: new String('ab'), b: new Boolean(false), i: Object(7n) },
    { n: 5, s: 'ab', b: false, i: 7 },
  ],
  [
    'an error',
    [new TypeError('no'), new Error('yes', { cause: new RangeError('far') })],
    [
      { name: 'TypeError', message: 'no' },
      { name: 'Error', message: 'yes', cause: { name: 'RangeError', message: 'far' } },
    ],
  ],
  [
    'an error with keys of its own',
    Object.assign(new Error('gone'), { code: 'ENOENT', status: 404 }),
    { name: 'Error', message: 'gone', code: 'ENOENT', status: 404 },
  ],
  [
    'several errors',
    new AggregateError([new Error('a'), 5], 'both'),
    { name: 'AggregateError', message: 'both', errors: [{ name: 'Error', message: 'a' }, 5] },
  ],
  [
    'a class with a tag',
    new (class {
      x = 1;
      get [Symbol.toStringTag]() {
        return 'Point';
      }
    })(),
    { x: 1 },
  ],
  [
    'a class with a tag that keeps to itself what it holds',
    new (class {
      #x = 1;
      get [Symbol.toStringTag]() {
        return `Secret${this.#x}`;
      }
    })(),
    {},
  ],
  ['a map without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ['a buffer, which has a toJSON', Buffer.from('a'), { type: 'Buffer', data: [97] }],
  [
    'a key that only looks unsafe',
    { constructor: 1, prototype: 2, toString: 3 },
    { constructor: 1, prototype: 2, toString: 3 },
  ],
])('%s', (_, value, expected) => {
  expect(toJson(value)).toStrictEqual(expected);
});

const cyclic: Record<string, unknown> = { a: [] };
(cyclic.a as unknown[]).push({ back: cyclic });
const unsafe: unknown = JSON.parse('{"a": [{"__proto__": {"x": 1}}]}');

test.each<[string, unknown, string, string]>([
  ['NaN', { a: [1, Number.NaN] }, 'VALUE_INVALID', 'a.1'],
  ['Infinity', Number.POSITIVE_INFINITY, 'VALUE_INVALID', 'The value is Infinity'],
  ['a function', { a: { b: () => 1 } }, 'VALUE_INVALID', 'a.b'],
  ['a symbol', [Symbol('x')], 'VALUE_INVALID', 'The value at 0'],
  ['a large bigint', { a: 2n ** 60n }, 'VALUE_INVALID', 'bigint'],
  ['a value in itself', cyclic, 'VALUE_INVALID', 'contains itself'],
  [
    'a getter that throws',
    {
      a: {
        get b() {
          throw new Error('no');
        },
      },
    },
    'VALUE_INVALID',
    'a.b',
  ],
  [
    'a toJSON that throws',
    {
      a: {
        toJSON() {
          throw new Error('no');
        },
      },
    },
    'VALUE_INVALID',
    'The value at a',
  ],
  ['an invalid date', { a: new Date(Number.NaN) }, 'VALUE_INVALID', 'invalid date'],
  ['a Map', { a: new Map() }, 'VALUE_INVALID', 'The value at a'],
  ['a Set', new Set([1]), 'VALUE_INVALID', 'Set'],
  ['a promise', { a: Promise.resolve(1) }, 'VALUE_INVALID', 'Promise'],
  ['headers', { a: new Headers({ b: 'c' }) }, 'VALUE_INVALID', 'The value at a is of the class Headers'],
  ['a response', new Response('a'), 'VALUE_INVALID', 'Response'],
  ['a blob', new Blob(['a']), 'VALUE_INVALID', 'Blob'],
  ['a form', new FormData(), 'VALUE_INVALID', 'FormData'],
  ['search parameters', new URLSearchParams('a=1'), 'VALUE_INVALID', 'URLSearchParams'],
  ['an iterator', [1].values(), 'VALUE_INVALID', 'Array Iterator'],
  [
    'a generator',
    (function* () {
      yield 1;
    })(),
    'VALUE_INVALID',
    'Generator',
  ],
  ['bytes', [new Uint8Array(2)], 'VALUE_INVALID', 'The value at 0'],
  ['__proto__', unsafe, 'UNSAFE_KEY', 'a.0.__proto__'],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    ),
    'VALUE_INVALID',
    'could not be read',
  ],
])('%s is refused', (_, value, code, part) => {
  const error = failure(value);
  expect(error).toMatchObject({ code, retryable: false });
  expect(error.message).toContain(part);
});

describe('bounds', () => {
  test('100,000 levels neither pass nor fill the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = level % 2 ? [deep] : { a: deep };
    expect(failure(deep).code).toBe('VALUE_INVALID');
    expect(failure(deep).message).toContain('more than 200 deep');
    expect(failure(deep, { maxDepth: 1_000_000 }).code).toBe('VALUE_INVALID');
  });

  test('the depth counts through earlier results', () => {
    const nest = (value: unknown, levels: number): unknown =>
      levels === 0 ? value : [nest(value, levels - 1)];
    expect(failure(nest(1, 200)).code).toBe('NONE');
    expect(failure(nest(1, 201)).code).toBe('VALUE_INVALID');
    expect(failure(nest(toJson(nest(1, 150)), 51)).code).toBe('VALUE_INVALID');
    expect(failure(nest(toJson(nest(1, 150)), 50)).code).toBe('NONE');
  });

  test('the size counts through earlier results', () => {
    expect(failure('x'.repeat(100), { maxBytes: 50 }).code).toBe('VALUE_INVALID');
    const part = toJson({ text: 'x'.repeat(100) });
    expect(failure([part], { maxBytes: 200 }).code).toBe('NONE');
    expect(failure([part, part], { maxBytes: 200 }).code).toBe('VALUE_INVALID');
    expect(failure(part, { maxBytes: 50 }).code).toBe('VALUE_INVALID');
  });

  test('one list in itself twice, sixty times over', () => {
    let shared: unknown = ['x'];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(failure(shared).code).toBe('VALUE_INVALID');
  });
});

test('bytes are refused without a look at each', () => {
  // So many that a look at each would find them too large.
  expect(failure({ a: new Uint8Array(2 ** 26) }).message).toContain('Uint8Array');
});

describe('what is behind an error does not fail who passes it on', () => {
  const behind = (cause: unknown): unknown => toJson([new Error('x', { cause })]);
  const shown = (cause: unknown): unknown => [{ name: 'Error', message: 'x', cause }];

  test.each<[string, unknown, unknown]>([
    ['NaN', Number.NaN, '(NaN)'],
    ['a function', () => 1, '(function)'],
    ['a symbol', Symbol('a'), '(symbol)'],
    ['a large bigint', 2n ** 60n, '(1152921504606846976)'],
    ['a response', new Response('a'), '(Response)'],
    ['what holds one', { a: [new Headers(), 1] }, { a: ['(Headers)', 1] }],
    ['an unsafe key', unsafe, '(The value at 0.cause.a.0.__proto__ has a key that is not allowed.)'],
    ['a value in itself', cyclic, '(The value at 0.cause.a.0.back contains itself.)'],
    [
      'what is too large',
      'x'.repeat(33 * 1024 * 1024),
      '(The value at 0.cause makes it larger than 33554432 bytes.)',
    ],
    [
      'what cannot be read',
      {
        get a() {
          throw new Error('no');
        },
      },
      '(The value at 0.cause.a could not be read: a getter or toJSON threw.)',
    ],
  ])('%s', (_, cause, expected) => {
    expect(behind(cause)).toEqual(shown(expected));
  });

  test('the error itself, and several', () => {
    const error = new Error('x');
    error.cause = { error, code: 5 };
    expect(toJson({ error, b: Number.NaN, c: 1 }, { quiet: true })).toMatchObject({ b: '(NaN)', c: 1 });
    expect(toJson([error, 1])).toEqual([
      { name: 'Error', message: 'x', cause: '(The value at 0.cause.error contains itself.)' },
      1,
    ]);
    expect(toJson(new AggregateError([Number.NaN, error, new Error('y')], 'z'))).toMatchObject({
      errors: ['(NaN)', { cause: '(The value at errors.1.cause.error contains itself.)' }, { message: 'y' }],
    });
    expect(failure({ error, b: Number.NaN }).message).toContain('The value at b is NaN');
  });

  test('many with one that is too large, and each behind two others, end soon', () => {
    const cause = Array.from({ length: 1000 }, () => 'x'.repeat(40_000));
    const many = Array.from({ length: 1000 }, () => new Error('x', { cause }));
    const started = performance.now();
    expect(toJson(many)).toHaveLength(1000);
    let last: Error = new Error('x', { cause });
    for (let level = 0; level < 60; level++) last = new AggregateError([last], 'x', { cause: last });
    failure(last);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test('what is to be shown quietly is named where it has no JSON form', () => {
  const value = { a: [new Map(), new Headers()], b: Promise.resolve(), c: 1 };
  expect(toJson(value, { quiet: true })).toEqual({ a: ['(Map)', '(Headers)'], b: '(Promise)', c: 1 });
});
