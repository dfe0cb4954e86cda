import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseDocument } from './parse.ts';
import { validateWorkflow } from './validate.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

const mebibyte = 1 << 20;
const fill = (unit: string, size = mebibyte) => unit.repeat(Math.floor(size / unit.length));

const codes = (text: string) =>
  parseDocument(text).problems.map(({ code, line, column }) => [code, line, column]);

describe('what is wrong with a text is told with its place', () => {
  test.each<[string, string, unknown[][]]>([
    ['a flow list that is not closed', 'a: 1\nb: [1, 2\n', [['SYNTAX', 3, 1]]],
    ['tabs', 'a:\n\t- b', [['SYNTAX', 2, 1]]],
    ['a bad escape', 'a: "\\q"', [['SYNTAX', 1, 5]]],
    ['two documents', 'a: 1\n---\nb: 1\n', [['SYNTAX', 2, 1]]],
    ['a custom tag', 'a: 1\nb: !secret x', [['SYNTAX', 2, 4]]],
    ['binary', 'a: !!binary aGk=', [['SYNTAX', 1, 4]]],
    ['an unknown alias', 'a: *b', [['SYNTAX', 1, 4]]],
    ['an alias inside of its anchor', 'a: &a [*a]', [['SYNTAX', 1, 8]]],
    ['not a number', 'a: .nan', [['VALUE', 1, 4]]],
    ['infinity', 'a: [-.inf]', [['VALUE', 1, 5]]],
    ['a number that would lose digits', 'a: 12345678901234567890', [['VALUE', 1, 4]]],
    [
      'one with a point or a power that would become another one',
      'a: [9007199254740993.0, 12345678901234567.5, 9007199254740993e0, -1.2345678901234567891e+30, 1e-400, -0.5E-999]',
      [5, 25, 46, 66, 94, 102].map((column) => ['VALUE', 1, column]),
    ],
    [
      'one in another base',
      'a: [0x1fffffffffffff, 0x20000000000001, 0o1000000000000000001]',
      [
        ['VALUE', 1, 23],
        ['VALUE', 1, 41],
      ],
    ],
    ['a mapping as a key', '? { a: 1 }\n: 2', [['TYPE', 1, 3]]],
    ['a null key', '~: 2', [['TYPE', 1, 1]]],
    ['merging a list of numbers', 'a: { <<: [1] }', [['TYPE', 1, 10]]],
    ['nothing', '', [['REQUIRED', 1, 1]]],
    ['nothing but a comment', '# x\n', [['REQUIRED', 1, 1]]],
    ['two anchors on one value', 'a: &a &b &c 1', [['SYNTAX', 1, 10]]],
  ])('%s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test.each(['\n', '\r\n'])('duplicate keys in YAML and JSON alike, with lines that end in %j', (eol) => {
    expect(codes(`a: 1${eol}b:${eol}  c: 1${eol}  "c": 2${eol}`)).toEqual([['DUPLICATE_KEY', 4, 3]]);
    expect(codes(`{${eol}  "a": 1,${eol}  "a": 1${eol}}`)).toEqual([['DUPLICATE_KEY', 3, 3]]);
  });

  test('a byte order mark takes no column', () => {
    expect(codes('\uFEFFa: 1\na: 2')).toEqual([['DUPLICATE_KEY', 2, 1]]);
    expect(codes('\uFEFFa: .nan')).toEqual([['VALUE', 1, 4]]);
  });
});

test('numbers as they are written everywhere are read, also beyond the integers that are exact', () => {
  const numbers =
    '9007199254740993000, 1e21, 1.50E+300, 1e23, -1234567890123456800.00, 1.7976931348623157e308, 5e-324';
  const others =
    '0.1000000000000000055511151231257827, 9007199254740991.0, 0, -0.0, 0e5, +.5, 3.141592653589793238462643';
  expect(codes(`a: [${numbers}, ${others}]`)).toEqual([]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(codes(`a: ${number}`)).toEqual([]);
      expect(codes(`a: ${number.toExponential()}`)).toEqual([]);
    }),
  );
});

test.each(['__proto__', 'constructor', 'prototype'])(
  'the key %s is refused everywhere and pollutes nothing',
  (key) => {
    for (const text of [
      `${key}: { polluted: 1 }`,
      `a: [{ b: { "${key}": { polluted: 1 } } }]`,
      `{"a": {"${key}": {"polluted": 1}}}`,
    ]) {
      const source = parseDocument(text);
      expect(source.problems.map(({ code }) => code)).toEqual(['UNSAFE_KEY']);
      expect(JSON.stringify(source.value)).not.toContain('polluted');
    }
    const value = JSON.parse(
      `{"name": "x", "config": {"${key}": {"polluted": 1}}, "steps": [{"id": "a", "handler": "b.c"}]}`,
    ) as unknown;
    expect(validateWorkflow(value).problems).toEqual([
      expect.objectContaining({ code: 'UNSAFE_KEY', path: `config.${key}` }),
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  },
);

describe('hostile texts are refused soon', () => {
  const bomb = (levels: number, width: number) =>
    [
      'a0: &a0 [x]',
      ...Array.from(
        { length: levels },
        (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: width }, () => `*a${n}`).join(', ')}]`,
      ),
    ].join('\n');
  test.each<[string, string, string]>([
    ['a text above the limit', fill('a: 1\n', mebibyte + 10), 'LIMIT'],
    ['100,000 open lists', fill('[', 100_000), 'LIMIT'],
    ['open mappings', fill('{a: '), 'LIMIT'],
    ['nested lists in blocks', fill('- '), 'LIMIT'],
    ['explicit keys', fill('? '), 'LIMIT'],
    [
      'nested mappings in blocks',
      Array.from({ length: 1200 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''),
      'LIMIT',
    ],
    ['101 levels of JSON', `${fill('[', 101)}${fill(']', 101)}`, 'LIMIT'],
    ['a billion laughs', bomb(9, 9), 'LIMIT'],
    ['deep aliases', bomb(120, 1), 'LIMIT'],
    ['merged bombs', `a: &a { x: 1, y: 2, z: 3 }\nb: { <<: [${fill('*a, ', 200_000)}] }`, 'LIMIT'],
    ['brackets that close nothing', fill(']'), 'SYNTAX'],
    ['anchors', fill('&a '), 'SYNTAX'],
    ['tags', fill('!a '), 'SYNTAX'],
    ['documents', fill('---\n'), 'SYNTAX'],
    ['directives', fill('%A b\n'), 'SYNTAX'],
    ['an endless quote', `"${fill('a\n\n', mebibyte - 10)}`, 'SYNTAX'],
    [
      'many keys',
      `${Array.from({ length: 40_000 }, (_, n) => `k${n}: ${n}`).join('\n')}\nk0: 1`,
      'DUPLICATE_KEY',
    ],
  ])('%s', (_name, text, code) => {
    const started = performance.now();
    const { problems } = parseDocument(text);
    expect(problems[0]?.code).toBe(code);
    expect(problems.length).toBeLessThanOrEqual(202);
    // Most take a few milliseconds; the slowest 0.9 s when nothing else runs.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('100 levels are fine', () => {
    expect(parseDocument(`${fill('[', 100)}${fill(']', 100)}`).problems).toEqual([]);
  });

  test('10,000 aliases are fine', () => {
    const { problems, value } = parseDocument(
      `a: &a { x: 1 }\nb: [${Array.from({ length: 10_000 }, () => '*a').join(', ')}]`,
    );
    expect(problems).toEqual([]);
    expect((value as { b: unknown[] }).b[9999]).toEqual({ x: 1 });
  });
});

test('anchors, aliases and merge keys', () => {
  const { value, problems } = parseDocument(
    'x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\nz: { b: 0, <<: [*x, *y] }\nt: &x 5\nu: *x\n"<<": text\nw: { "<<": 1 }\n',
  );
  expect(problems).toEqual([]);
  expect(value).toEqual({
    x: { a: 1, b: 2 },
    y: { b: 3, c: 4 },
    z: { a: 1, c: 4, b: 0 },
    t: 5,
    u: 5,
    '<<': 'text',
    w: { '<<': 1 },
  });
});

test('the core schema of YAML 1.2: dates, "no" and "on" are text, keys are text', () => {
  const { value } = parseDocument('%YAML 1.1\n---\nday: 2020-01-01\non: no\n1: 0o17\ntrue: ~\n0x1F: 1_000\n');
  expect(value).toEqual({ day: '2020-01-01', on: 'no', 1: 15, true: null, '0x1F': '1_000' });
});

describe('places', () => {
  const source = parseDocument(
    'name: x\nsteps:\n  - id: a\n    config: { u: "ab ${c}" }\n    text: |\n      one\n      two\n    empty:\n',
  );
  test.each([
    [['name'], {}, 1, 7],
    [['name'], { key: true }, 1, 1],
    [['steps', 0], {}, 3, 5],
    [['steps', 0, 'config', 'u'], {}, 4, 18],
    [['steps', 0, 'config', 'u'], { offset: 5 }, 4, 24],
    [['steps', 0, 'text'], { offset: 5 }, 7, 8],
    [['steps', 0, 'empty'], {}, 8, 5],
    [['steps', 0, 'missing', 'deep'], {}, 3, 5],
    [['steps', 7], {}, 3, 3],
    [['missing'], {}, 1, 1],
  ] as const)('of %j %j', (path, options, line, column) => {
    expect(source.locate(path, options)).toEqual({ line, column });
  });
});

test('no text makes it throw', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x ',
    '*x',
    '"',
    "'",
    '|\n',
    '>',
    '#',
    '!t ',
    '? ',
    '<<: ',
    '%',
    '---\n',
    '\t',
    '\r',
    '\0',
    '\uD800',
    '${',
    '1',
    'null',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const source = parseDocument(pieces.join(''));
      const { problems, document } = validateWorkflow(source);
      expect(document === undefined).toBe(problems.length > 0);
      for (const { line = 1, column = 1 } of problems) expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

describe('JSON', () => {
  const asYaml = (text: string) => parseDocument(`# YAML\n${text}`);
  const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));

  test('reads as the same value with and without what makes it YAML', () => {
    fc.assert(
      fc.property(record, fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseDocument(text).value).toEqual(asYaml(text).value);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    '{"a": 12345678901234567890}',
    '{"a": 1e400}',
    '{"a": [{"b": 1, "\\u0062": 2}]}',
    '{"constructor": 1}',
    '{"proto\\u0074ype": 1}',
    `{"a": ${'['.repeat(100)}${']'.repeat(100)}}`,
    '{"a": 1,}x',
  ])('%s has the problems that it has as YAML', (text) => {
    const codesOf = (source: ReturnType<typeof parseDocument>) => source.problems.map(({ code }) => code);
    expect(codesOf(parseDocument(text))).toEqual(codesOf(asYaml(text)));
    expect(codesOf(parseDocument(text))).not.toEqual([]);
  });

  test('is no work for the YAML parser, and is still told where something stands', () => {
    const text = `{\n  "name": "a",\n  "list": [${fill('1, ', 300)}2],\n  "stesp": []\n}`;
    const limits = { tokens: 100 };
    expect(parseDocument(text, { limits }).problems).toEqual([]);
    expect(asYaml(text).problems).toEqual([]);
    expect(parseDocument(`# YAML\n${text}`, { limits }).problems).toMatchObject([{ code: 'LIMIT' }]);
    const { problems } = validateWorkflow(parseDocument(text));
    expect(problems).toContainEqual(expect.objectContaining({ path: 'stesp', line: 4, column: 3 }));
  });
});

test('a hundred thousand keys that stand twice are problems, and no failure', () => {
  const { problems } = validateWorkflow(
    parseDocument(fill('a: 1\n', 800_000), { limits: { tokens: Number.POSITIVE_INFINITY } }),
  );
  expect(problems).toContainEqual(expect.objectContaining({ code: 'DUPLICATE_KEY', line: 2 }));
  expect(problems.length).toBeLessThan(1100);
});
