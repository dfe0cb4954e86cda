import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { toJson } from '../values/to-json.ts';
import { loadCel } from './expression.ts';
import { compileExpression, compileTemplate, hasTemplate, type Scope } from './index.ts';

beforeAll(loadCel);

const scope = toJson({
  config: {
    n: 3,
    list: [1, 2, 3],
    flag: true,
    nothing: null,
    obj: { a: 1, deep: { x: [{ y: 'z' }] } },
    text: 'grün',
    constructor: 'own',
  },
  parameters: { y: 'p' },
  steps: { a: { output: 3, status: 'success' }, 'step-1': { output: { v: 7, list: [4, 5] } } },
  index: 0,
  item: { q: 1 },
}) as Scope;

const fill = (value: JsonValue): JsonValue => compileTemplate(value).evaluate(scope);
const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('strings', () => {
  test.each<[string, JsonValue]>([
    ['${config.n}', 3],
    ['${config.nothing}', null],
    ['${ config.list }', [1, 2, 3]],
    [' ${config.n}', ' 3'],
    [
      'n=${config.n}, list=${config.list}, obj=${config.list.map(x, {"a": x})[0]}',
      'n=3, list=[1,2,3], obj={"a":1}',
    ],
    ['${config.nothing}/${config.flag}/${config.text}', 'null/true/grün'],
    ['$${config.n}', '${config.n}'],
    ['$${a} ${config.n} $${b}', '${a} 3 ${b}'],
    ['$$${config.n}', '$${config.n}'],
    ['${"$"}${config.n}', '$3'],
    ['a $ { } } b', 'a $ { } } b'],
    ['', ''],
    ['${{"a": {"b": 2}}.a.b}x', '2x'],
    ['${"}" + \'}\' + """}"}""" + r"\\}"}', '}}}"}\\}'],
    ["${'it\\'s } here'}", "it's } here"],
    ['${config.n // a comment with }\n + 1}', 4],
    ['${step-outputs.step-1.v}', 7],
    ['${step-outputs.step-1.list.size()}', 2],
    ['${step-outputs.a}', 3],
  ])('%s', (text, expected) => {
    expect(fill(text)).toEqual(expected);
  });

  test('what is put into a text is the JSON of it, strings apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        // Refused, as other tests show.
        fc.pre(!JSON.stringify(json).includes('__proto__'));
        const item = toJson(json);
        expect(compileTemplate('${item}').evaluate({ item })).toEqual(item);
        const text = compileTemplate('<${item}>').evaluate({ item });
        expect(text).toBe(`<${typeof item === 'string' ? item : JSON.stringify(item)}>`);
      }),
    );
  });

  test('a string is kept as it is when its ${ are escaped, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', '"', "'", '\\', 'a', '\n') }), (text) => {
        fc.pre(!/\$\$\{/.test(text));
        expect(fill(text.replaceAll('${', () => '$${'))).toBe(text);
      }),
    );
  });
});

describe('values', () => {
  test('strings inside of lists and maps are filled in, keys are not', () => {
    const value = { '${config.n}': ['${config.n}', { a: 'x${config.n}' }], b: 1 };
    expect(fill(value)).toEqual({ '${config.n}': [3, { a: 'x3' }], b: 1 });
  });

  test('a constant is the same frozen object every time, also as a part', () => {
    const constant = compileTemplate({ a: [1, { b: 'x' }] });
    expect(constant.evaluate(scope)).toBe(constant.evaluate(scope));
    const part = compileTemplate({ fixed: { a: [1] }, n: '${config.n}' });
    const [first, second] = [part.evaluate(scope), part.evaluate(scope)] as { fixed: object }[];
    expect(first?.fixed).toBe(second?.fixed);
    expect(Object.isFrozen(first)).toBe(true);
    expect(Object.isFrozen(first?.fixed)).toBe(true);
  });

  test('what comes from the scope is passed on, what is made is frozen', () => {
    expect(fill('${config.obj}')).toBe(scope.config?.obj);
    const made = fill('${[config.obj, {"a": [1]}]}') as JsonValue[];
    expect(made[0]).toBe(scope.config?.obj);
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.isFrozen(made[1])).toBe(true);
  });

  test('what is not frozen in the scope is copied, so that nobody can change a result', () => {
    const item = { a: [1] };
    const result = compileTemplate('${item}').evaluate({ item });
    item.a.push(2);
    expect(result).toEqual({ a: [1] });
  });

  test('a key __proto__ is refused', () => {
    const value = JSON.parse('{"__proto__": "${config.n}"}') as JsonValue;
    expect(code(() => compileTemplate(value))).toBe('UNSAFE_KEY');
  });
});

test('references are read without evaluating', () => {
  const references = (text: string) => compileTemplate([text]).references;
  expect(references('${steps.a.output + steps["step-1"].output.v} ${config.n}')).toEqual({
    names: ['steps', 'config'],
    steps: ['a', 'step-1'],
    dynamicSteps: false,
    secrets: [],
  });
  expect(references('${secrets.A + secrets["B"] + secrets.?C.orValue("")}').secrets).toEqual(['A', 'B', 'C']);
  expect(references('${step-outputs.step-1.v}').steps).toEqual(['step-1']);
  expect(references('${steps?.a.orValue(1)}').steps).toEqual(['a']);
  expect(references('${has(steps.a.output) && has(steps.b)}').steps).toEqual(['a', 'b']);
  expect(references('${steps[item].output}')).toMatchObject({ steps: [], dynamicSteps: true });
  expect(references('${size(steps)}').dynamicSteps).toBe(true);
  expect(references('${config.list.map(steps, steps.a)}')).toMatchObject({
    names: ['config'],
    steps: [],
    dynamicSteps: false,
  });
  expect(references('${config.list.map(x, x + index)}').names).toEqual(['config', 'index']);
  expect(references('plain').names).toEqual([]);
});

describe('compileExpression', () => {
  test('takes a bare and a wrapped text, and the older reference in both', () => {
    for (const text of [
      'steps.a.output > 1',
      '${steps.a.output > 1}',
      '  ${ steps.a.output > 1 } ',
      'step-outputs.a > 1',
    ]) {
      expect(compileExpression(text).test(scope), text).toBe(true);
    }
    expect(compileExpression('config.list').evaluate(scope)).toEqual([1, 2, 3]);
  });

  test('a condition must be true or false', () => {
    for (const text of ['config.n', 'config.nothing', 'config.text']) {
      expect(code(() => compileExpression(text).test(scope))).toBe('EXPRESSION_ERROR');
    }
  });

  test('a mixture of text and templates is no expression', () => {
    expect(code(() => compileExpression('${config.n} > ${config.n}'))).toBe('EXPRESSION_SYNTAX');
  });
});

test('hasTemplate looks everywhere but at keys, however deep', () => {
  let deep: unknown = '${x}';
  for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 ? [deep] : { a: deep };
  expect(hasTemplate(deep)).toBe(true);
  expect(hasTemplate({ '${a}': [1, null, 'x', { b: '$ {' }] })).toBe(false);
  expect(hasTemplate('a ${b}')).toBe(true);
  expect(hasTemplate(undefined)).toBe(false);
});
