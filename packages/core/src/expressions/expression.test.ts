import { evaluate as celEvaluate } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { toJson } from '../values/to-json.ts';
import { compileExpression, prepareExpressions, type Scope } from './index.ts';

const scope = toJson({
  config: {
    n: 3,
    list: [1, 2, 3],
    flag: true,
    nothing: null,
    obj: { a: 1 },
    text: 'Hello',
    mixed: [1, 'a', null, { b: 2 }],
  },
  parameters: { y: 'p' },
  index: 1,
  item: { id: 7 },
}) as Scope;

beforeAll(() => prepareExpressions('matches'));

const run = (text: string): JsonValue => compileExpression(text).evaluate(scope);
const failure = (text: string): { code: string; message: string; retryable: boolean } => {
  try {
    return { code: 'NONE', message: JSON.stringify(run(text)), retryable: true };
  } catch (error) {
    return error as ReturnType<typeof failure>;
  }
};

test.each<[string, JsonValue]>([
  // One kind of number
  ['config.n + 1', 4],
  ['1 + config.n * 2 - 0.5', 6.5],
  ['3 / 2', 1.5],
  ['size(config.list) / 2', 1.5],
  ['config.n % 2', 1],
  ['7.5 % 2', 1.5],
  ['-config.n', -3],
  ['-0.0', 0],
  ['1u + 1 + 1.0 + 0x10', 19],
  ['config.n == 3 && config.n == 3.0 && config.n != 4', true],
  ['config.n > 2 && config.n <= 3.0 && 1 < 1.5', true],
  ['3 in config.list && 3.0 in [1, 2, 3] && !(4 in config.list)', true],
  ['config.list[0] + config.list[config.n - 1] + config.list[index] + config.list[1.0]', 8],
  ['[1, 2] == [1.0, 2.0] && {"a": 1} == {"a": 1.0}', true],
  ['"a😀b".substring(1, 2) + "a😀b".substring("a😀b".size() - 1)', '😀b'],
  [
    '["a😀b😀".indexOf("b"), "a😀b😀".lastIndexOf("😀"), "😀b".indexOf("b", 1), "😀".indexOf("b")]',
    [2, 3, 1, -1],
  ],
  [
    '["😀b".split(""), "😀b😀".split("", 2), "😀b".split("b"), "😀".split("", 0)]',
    [['😀', 'b'], ['😀', 'b😀'], ['😀', ''], []],
  ],
  ['string(duration("0")) + string(duration("-0") + duration("1s"))', '0s1s'],
  ['"abcdef".substring(config.n) + "abcdef".substring(1, config.n)', 'defbc'],
  ['"a,b,c".split(",", 2)', ['a', 'b,c']],
  ['int("42") + int(3.9) + uint(2.5) + double("1.5")', 48.5],
  ['int("+5") + int("-7") + double("1e3") + double(".5") + double("-2.") + uint("4")', 1000.5],
  [
    'string(timestamp("2024-01-15T14:30:45Z")) + " " + string(duration("-90.5s"))',
    '2024-01-15T14:30:45.000Z -90.5s',
  ],
  ['string(config.list.map(x, duration("1s"))[0]) + string(dyn(timestamp(0)))', '1s1970-01-01T00:00:00.000Z'],
  ['string(1.0) + string(1.5) + string(config.n) + string(true)', '11.53true'],
  ['type(1) == double && type(config.n) == double && type("") == string && type(null) == null_type', true],
  ['7 / 2 + size([1, 2, 3]) / size("ab") + 7 % 4 / 2 + int("3") / 2', 8],
  ['[1, 2, 3][size(config.list) - 1] + config.list.map(x, x)[config.n - 1] + [5][?0.0].orValue(0)', 11],
  // Values
  ['null', null],
  ['config.flag ? "a" : 1', 'a'],
  ['config.flag ? [1] : {"a": 1}', [1]],
  ['[1, "a", null, [true]]', [1, 'a', null, [true]]],
  ['{"a": 1, "b": "x"}', { a: 1, b: 'x' }],
  ['config.list + ["x"]', [1, 2, 3, 'x']],
  ['config.n == "3" || config.nothing == 0 || config.list == config.obj', false],
  ['"a" + "b" < "ac" && true > false', true],
  ['"n" in config && !("zz" in config)', true],
  ['config["n"] + config.mixed[3].b', 5],
  // Strings
  ['config.text.lowerAscii() + config.text.upperAscii() + " x ".trim()', 'helloHELLOx'],
  ['config.text.startsWith("He") && config.text.endsWith("lo") && config.text.contains("ell")', true],
  [
    '[config.text.indexOf("l"), config.text.lastIndexOf("l"), config.text.indexOf("z"), config.text.indexOf("l", 3)]',
    [2, 3, -1, 3],
  ],
  ['config.text.matches("^h") || !config.text.matches("(?i)^h.*O$")', false],
  ['["a", "b"].join("-") + ["c"].join()', 'a-bc'],
  ['size("grün 😀") + "😀".size() + size({"a": 1}) + size([1])', 9],
  ['bool("true") && !bool("0")', true],
  // Times and bytes, as cel-js has them
  ['timestamp("2024-01-15T14:30:45.123Z")', '2024-01-15T14:30:45.123Z'],
  ['timestamp("2024-01-15T14:30:45.123456789+01:00")', '2024-01-15T13:30:45.123Z'],
  ['timestamp("2024-01-15T14:30:45Z") + duration("1h30m")', '2024-01-15T16:00:45.000Z'],
  ['timestamp("2024-01-15T14:30:45Z").getHours("America/New_York") + 1', 10],
  [
    'timestamp(0) < timestamp("2024-01-15T14:30:45Z") && timestamp(0) == timestamp("1970-01-01T00:00:00Z")',
    true,
  ],
  ['duration("90s")', '90s'],
  ['duration("1.s") + duration(".5s") + duration("+1m2ms")', '61.502s'],
  ['duration("90s").getMinutes() + 0.5', 1.5],
  ['b"hi"', 'aGk='],
  ['bytes("hé").hex() + bytes("hi").string() + string(b"hi") + string(bytes("hi").at(0))', '68c3a9hihi104'],
  ['bytes("{\\"a\\": [1]}").json()', { a: [1] }],
  // Presence
  ['has(config.missing)', false],
  ['has(config.n) && has(config.obj.a) && !has(config.obj.b) && !has(config.nothing.x)', true],
  ['has(config["obj"].a) && !has(config["obj"].b) && has([config][0].obj.a)', true],
  ['config.list.filter(x, !has({"a": [x]}["a"].b)).size()', 3],
  ['config.?missing.orValue(5)', 5],
  ['config?.missing?.deeper.orValue("none")', 'none'],
  ['config?.["missing"].orValue(1) + config[?"n"].orValue(0)', 4],
  ['config.list[?7].orValue(-1)', -1],
  ['config.?missing.or(config.?n).value()', 3],
  ['config.?missing', null],
  ['config.?n', 3],
  ['config.?missing.hasValue() || optional.none().hasValue()', false],
  ['optional.of(3).orValue(1)', 3],
  ['config.text == "?.a" ? 1 : "a?.b"', 'a?.b'],
  // Macros
  ['config.list.map(x, x * 2)', [2, 4, 6]],
  ['config.list.map(x, x > 1, x * 2)', [4, 6]],
  ['config.list.filter(x, x != 2)', [1, 3]],
  ['config.list.all(x, x > 0) && config.list.exists(x, x == 2) && config.list.exists_one(x, x > 2)', true],
  ['[].all(x, false) && ![].exists(x, true)', true],
  ['[].filter(x, x < 1) + [].map(x, x.a) + {}.map(x, x < "a") + {"a": []}.a.map(x, !x)', []],
  ['[[], [1]].map(x, x.map(y, y < 2)) == [[], [true]] && cel.bind(none, [], none.all(x, x))', true],
  ['config.obj.map(key, key)', ['a']],
  ['config.list.map(x, config.list.filter(y, y > x).map(y, y * x))', [[2, 3], [6], []]],
  ['config.list.map(item, item + 1)', [2, 3, 4]],
  ['cel.bind(total, config.n * 2, total + cel.bind(total, 1, total) + total)', 13],
  // A failure on one side does not matter when the other decides
  ['config.missing == 1 || true', true],
  ['false && config.missing', false],
  ['config.mixed.exists(x, x.b == 2)', true],
])('%s', (text, expected) => {
  expect(run(text)).toEqual(expected);
});

test.each([
  ['config.nope', 'config.nope', 'does not exist'],
  ['config.obj.a.b.c', 'config.obj.a.b', 'does not exist'],
  ['config.nothing.x', 'config.nothing.x', 'does not exist'],
  ['config.list[3]', 'config.list[3]', 'does not exist'],
  ['config.list[-1]', 'config.list[-1]', 'does not exist'],
  ['config.list[0.5]', 'config.list[0.5]', 'does not exist'],
  ['config.list.length', 'config.list.length', 'does not exist'],
  ['config.text.size', 'config.text.size', 'does not exist'],
  ['config["zz"]', 'config[\\"zz\\"]', 'does not exist'],
  ['config.list.exists(x, x.b)', 'x.b', 'does not exist'],
  ['trigger.body', 'trigger', 'not in scope'],
  ['unknown.name', 'unknown', 'not in scope'],
  ['config.text + 1', 'config.text', 'string + double (at "config.text + 1"); string(…)'],
  ['config.text > 1', 'config.text', 'string > double'],
  ['config.n && true', 'config.n', 'true or false'],
  ['config.n ? 1 : 2', 'config.n', 'true or false'],
  ['config.list.filter(x, x)', '"x"', 'true or false'],
  ['config.n / 0', 'config.n', 'division by zero'],
  ['config.n % 0', 'config.n', 'division by zero'],
  ['double("1e308") * 10', '1e308', 'finite'],
  ['int("x")', 'int', 'cannot convert'],
  ['int("")', 'int', 'cannot convert'],
  ['int(" 5")', 'int', 'cannot convert'],
  ['int("0X10")', 'int', 'cannot convert'],
  ['int("0b11")', 'int', 'cannot convert'],
  ['uint("")', 'uint', 'cannot convert'],
  ['double("0x10")', 'double', 'cannot convert'],
  ['double("0b11")', 'double', 'cannot convert'],
  ['double("")', 'double', 'cannot convert'],
  ['double(".")', 'double', 'cannot convert'],
  ['duration(".s")', 'duration', 'with a unit'],
  ['duration("s")', 'duration', 'with a unit'],
  ['duration("")', 'duration', 'with a unit'],
  ['int(1e300)', 'int', '2^53'],
  ['"😀".substring(2)', '\\"😀\\".substring(2)', 'out of range'],
  ['config.text.substring(9)', 'config.text.substring(9)', 'out of range'],
  ['config.text.substring(0.5)', 'config.text.substring(0.5)', 'overload'],
  ['config.list.join()', 'join', 'only strings'],
  ['timestamp("nonsense")', 'timestamp', 'ISO 8601'],
  ['timestamp("2024-02-30T00:00:00Z")', 'timestamp', 'ISO 8601'],
  ['timestamp("January 1, 2024 10:00")', 'timestamp', 'ISO 8601'],
  ['timestamp("2024-03-31T01:30:00.000")', 'timestamp', 'ISO 8601'],
  ['timestamp("0000-01-01T00:00:00Z")', 'timestamp', 'out of range'],
  ['timestamp("2024-01-15T14:30:45Z").getHours("No/Zone")', 'getHours', 'no such time zone'],
  ['timestamp("2024-01-15T14:30:45Z") + duration("99999999999999h")', 'timestamp', 'out of range'],
  ['optional.none().value()', 'value', 'not present'],
  ['config.text.matches("(")', 'matches', 'no regular expression'],
  ['bytes("{").json()', 'json', 'SyntaxError'],
  ['type(1)', 'type(1)', 'no JSON form'],
])('%s fails and says why', (text, named, why) => {
  const error = failure(text);
  expect(error.code).toBe('EXPRESSION_ERROR');
  expect(error.message).toContain(named);
  expect(error.message).toContain(why);
  expect(error.retryable).toBe(false);
});

test('a message holds no value', () => {
  const item = { word: 's3cret', key: 's3cret' };
  for (const text of [
    'bool(item.word)',
    'item[item.key]',
    'int(item.word)',
    '"a".matches("(" + item.word)',
  ]) {
    expect(() => compileExpression(text).evaluate({ item }), text).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_ERROR', message: expect.not.stringContaining('s3cret') }),
    );
  }
});

test('data may have keys that are names in JavaScript', () => {
  const item = toJson({ constructor: 'Ferrari', hasOwnProperty: 1, nested: { constructor: null, a: 1 } });
  const fill = (text: string) => compileExpression(text).evaluate({ item });
  expect(fill('item')).toBe(item);
  expect(fill('item.constructor + item["constructor"]')).toBe('FerrariFerrari');
  expect(fill('item.nested.a + item.hasOwnProperty')).toBe(2);
  expect(fill('[item, item.nested].map(x, has(x.constructor) && x == x)')).toEqual([true, true]);
  expect(fill('item.?nested.?constructor.orValue(1)')).toBe(null);
});

describe('a map whose keys are computed', () => {
  const item = toJson({ words: ['a', 'constructor'], word: 'prototype', n: 1 });
  const fill = (text: string) => compileExpression(text).evaluate({ item });

  test('holds each of them', () => {
    expect(fill('{item.words[0]: 1, item.n: item.words, true: {item.word + "s": 2}, "b": 3}')).toEqual({
      a: 1,
      1: ['a', 'constructor'],
      true: { prototypes: 2 },
      b: 3,
    });
    expect(fill('["x", "y"].map(word, {word: word + "!"})')).toEqual([{ x: 'x!' }, { y: 'y!' }]);
  });

  test.each([
    ['{"a": 1, item.word: 1}', 'prototype'],
    ['item.words.map(word, {word: 1})', 'constructor'],
    ['{"__pro" + "to__": {"a": 1}}', '__proto__'],
    ['{["__proto__"]: {"a": 1}}', '__proto__'],
    ['{cel.bind(word, item.word, word): 1}', 'prototype'],
  ])('%s names the key that it cannot hold', (text, key) => {
    expect(() => fill(text)).toThrow(
      expect.objectContaining({
        code: 'EXPRESSION_ERROR',
        message: expect.stringContaining(`a map cannot have the key "${key}"`),
      }),
    );
  });
});

describe('the host is out of reach', () => {
  test.each([
    'config.__proto__',
    'config.__proto__.constructor',
    'config.constructor',
    'config.constructor.name',
    'config.constructor.constructor("return process")()',
    'config["__proto__"]',
    'config["__pro" + "to__"]',
    'config["constructor"]',
    'config.prototype',
    'config.?__proto__.value()',
    'config[?"constructor"].value()',
    '{"__proto__": 1}',
    '{"constructor": 1}',
    'config.list.constructor',
    'config.text.constructor',
    '"".constructor',
    'config.toString',
    'config.hasOwnProperty',
    'config.list.push',
    'bytes("{\\"__proto__\\": {\\"a\\": 1}}").json()',
    'constructor',
    'toString',
    'cel',
    'google',
  ])('%s', (text) => {
    expect(failure(text).code).toMatch(/^EXPRESSION_(ERROR|SYNTAX|TYPE)$/);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  test('inherited keys are not there', () => {
    expect(run('has(config.__proto__) || has(config.constructor) || "__proto__" in config')).toBe(false);
    expect(run('config.?__proto__')).toBe(null);
  });
});

describe('against cel-js', () => {
  const number = fc.integer({ min: -50, max: 50 }).map((n) => (n < 0 ? `(${n}.0)` : `${n}.0`));
  const text = fc.constantFrom('"a"', '"ab"', '"b"', '""');
  const { boolean } = fc.letrec<{ boolean: string; number: string; text: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small' },
      number,
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('boolean'), tie('number'), tie('number')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    ),
    text: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + ${b})`),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => `[${a}, ${b}].join("-")`),
      tie('text').map((a) => `${a}.upperAscii()`),
    ),
    boolean: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('true', 'false'),
      fc
        .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
        .map((all) => `(${all.join(' ')})`),
      fc.tuple(tie('text'), fc.constantFrom('<', '==', '!='), tie('text')).map((all) => `(${all.join(' ')})`),
      fc
        .tuple(tie('boolean'), fc.constantFrom('&&', '||'), tie('boolean'))
        .map((all) => `(${all.join(' ')})`),
      tie('boolean').map((a) => `!${a}`),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => `${a}.contains(${b})`),
      fc.tuple(tie('number'), tie('number'), tie('number')).map(([a, b, c]) => `(${a} in [${b}, ${c}])`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `[${a}, ${b}].exists(x, x > ${a})`),
      fc
        .tuple(tie('number'), tie('number'))
        .map(([a, b]) => `([${a}, ${b}].map(x, x * 2.0) == [${b}, ${a}].filter(x, x > 0.0))`),
    ),
  }));

  test('both give the same wherever there is only one kind of number', () => {
    fc.assert(
      fc.property(boolean, (source) => {
        expect(run(source)).toBe(celEvaluate(source, {}));
      }),
      { numRuns: 1_000 },
    );
  });
});

test('arithmetic is that of JSON numbers', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const item = toJson([a, b]);
      const result = compileExpression(
        '[item[0] + item[1], item[0] - item[1], item[0] < item[1], item[0] == item[1]]',
      );
      expect(result.evaluate({ item })).toEqual([a + b + 0, a - b + 0, a < b, a === b]);
    }),
  );
});
