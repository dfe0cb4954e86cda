import { beforeAll, describe, expect, test } from 'vitest';
import { loadCel } from './expression.ts';
import { checkExpression, checkTemplate, compileTemplate } from './index.ts';

beforeAll(loadCel);

const names = ['config', 'parameters', 'steps', 'item', 'index'];

test('all problems are reported at once, each with its path and offset', () => {
  const value = { a: ['${stepz.a}', 'fine ${config.x}'], b: { c: 'x ${1 +} ${sise(1)}' }, d: '${config.x' };
  const { problems } = checkTemplate(value, 'steps.b.config', names);
  expect(problems.map(({ code, path, offset }) => [code, path, offset])).toEqual([
    ['UNKNOWN_NAME', 'steps.b.config.a.0', 2],
    ['EXPRESSION_SYNTAX', 'steps.b.config.b.c', 7],
    ['EXPRESSION_TYPE', 'steps.b.config.b.c', 11],
    ['EXPRESSION_SYNTAX', 'steps.b.config.d', 0],
  ]);
  expect(problems.map(({ suggestion }) => suggestion)).toEqual(['steps', undefined, 'size', undefined]);
  for (const { message } of problems) expect(message).toMatch(/^[A-Z].*[.?]$/);
});

test('steps and parameters are reported where they are read, for the language layer to judge', () => {
  const check = checkTemplate(
    [
      '${steps.a.output + steps["b-1"].output}',
      '${steps[item]}',
      '${parameters.a} ${has(parameters.b) ? parameters["c"].d : parameters[item]}',
      '${config.list.map(parameters, parameters.x)} ${parameters.?e.orValue(size(parameters))}',
    ],
    'output',
    names,
  );
  expect(check).toEqual({
    problems: [],
    steps: [
      { id: 'a', path: 'output.0', offset: 2 },
      { id: 'b-1', path: 'output.0', offset: 19 },
    ],
    parameters: [
      { id: 'a', path: 'output.2', offset: 2 },
      { id: 'b', path: 'output.2', offset: 22 },
      { id: 'c', path: 'output.2', offset: 38 },
      { id: 'e', path: 'output.3', offset: 47 },
    ],
  });
});

describe('names', () => {
  const unknown = (text: string) =>
    checkTemplate(text, '', names).problems.map(({ message }) => /"([^"]+)"/.exec(message)?.[1]);

  test('variables of macros are in scope inside of them and nowhere else', () => {
    expect(unknown('${config.list.map(x, x + y)}')).toEqual(['y']);
    expect(unknown('${config.list.map(x, config.list.exists(z, z == x)) + x}')).toEqual(['x']);
    expect(unknown('${cel.bind(a, 1, a + b) + a}')).toEqual(['b', 'a']);
    expect(unknown('${cel.bind(a, a, a)}')).toEqual(['a']);
  });

  test('types are in scope, what a step cannot see is not', () => {
    expect(unknown('${type(config.a) == string}')).toEqual([]);
    expect(unknown('${output > 1}')).toEqual(['output']);
    expect(checkExpression('output > 1', 'until', [...names, 'output']).problems).toEqual([]);
  });
});

test.each([
  '"a" - 1',
  '"a" + 1',
  '1 && true',
  '!5',
  '-"a"',
  '1 ? 2 : 3',
  '"a" < 1',
  'string(null)',
  'string([1])',
  '1 in 2',
  '(1).x',
  '"a"["b"]',
  '[1]["a"]',
  'size(1)',
  'size()',
  'nothing(1)',
  '"a".nothing()',
  '[1].map(x, y, z, w)',
  '(5).map(x, x)',
  '[1].filter(x, 5)',
  '{"constructor": 2}',
  'has(config)',
  '(1).orValue(2)',
  '1 == "a"',
  '"a".substring("b")',
  '9007199254740993',
])('%s can never work', (text) => {
  const [problem] = checkTemplate(`\${${text}}`, 'p', names).problems;
  expect(problem?.code).toBe('EXPRESSION_TYPE');
});

test.each([
  'config.a ? 1 : "a"',
  '(config.a ? 1 : "a") + 1',
  'config.a - 1',
  'item.map(x, x)',
  'config.a == "a" || config.a == null',
  'config.list.map(x, x)[index - 1]',
  'config.?a.orValue(1) + 1',
])('%s may work', (text) => {
  expect(checkTemplate(`\${${text}}`, 'p', names).problems).toEqual([]);
});

test.each([
  ['1 +', 'the end', 3],
  ['a b', "'b'", 2],
  ['config.', 'a name', 7],
  ['[1, 2', '"]"', 5],
  ['"x', 'Unterminated', 0],
  ['', 'empty', 0],
  ['a ? b', '":"', 5],
  ['x.map(1, 2)', 'variable', 6],
  ['var', 'Reserved', 0],
])('%s is no expression', (text, why, offset) => {
  const [problem] = checkExpression(text, 'when', names).problems;
  expect(problem).toMatchObject({ code: 'EXPRESSION_SYNTAX', path: 'when', offset });
  expect(problem?.message).toContain(why);
  expect(problem?.message).not.toContain('\n');
});

test.each([
  ['has(config["a"])', 'has() takes a field, as in has(steps.a.error).'],
  ['has(config.?a["b"].c)', 'has() takes a field, as in has(steps.a.error).'],
  ['optional.none().value() < 1', 'The type of a value cannot be told.'],
  ['1 + "a"', 'No such overload: double + string.'],
])('%s is refused with words of our own, whatever the library says', (text, message) => {
  expect(checkExpression(text, 'when', names).problems).toMatchObject([{ code: 'EXPRESSION_TYPE', message }]);
});

test('a condition that can never be true or false is a problem', () => {
  expect(checkExpression('1 + 1', 'when', names, 'condition').problems[0]?.code).toBe('EXPRESSION_TYPE');
  expect(checkExpression('config.flag', 'when', names, 'condition').problems).toEqual([]);
  expect(checkExpression('${ "a" + }', 'when', names, 'condition').problems).toMatchObject([{ offset: 9 }]);
});

test('compiling refuses what the check refuses, with the code of the problem', () => {
  expect(() => compileTemplate('a ${1 +}')).toThrowError(
    expect.objectContaining({ code: 'EXPRESSION_SYNTAX', details: [expect.objectContaining({ offset: 7 })] }),
  );
  expect(() => compileTemplate('${"a" - 1}')).toThrowError(
    expect.objectContaining({ code: 'EXPRESSION_TYPE' }),
  );
  expect(() => compileTemplate('${never')).toThrowError(
    expect.objectContaining({ code: 'EXPRESSION_SYNTAX' }),
  );
});
