import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJson } from '../values/to-json.ts';
import { compileCel } from './cel.ts';
import { type CompiledExpression, expressionError } from './compiled.ts';
import type { Scope } from './index.ts';
import { compilePlain } from './plain.ts';

const outcome = ({ evaluate }: CompiledExpression, scope: Scope): unknown => {
  try {
    const value = evaluate(scope);
    return { value, frozen: Object.isFrozen(value) };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
};

/** @returns whether it was compiled without CEL */
function expectSame(text: string, scope: Scope): boolean {
  const plain = compilePlain(text, text, expressionError);
  if (!plain) return false;
  const { evaluate: _, ...found } = plain;
  const cel = compileCel(text, text, expressionError);
  expect(found, text).toEqual({ ...cel, evaluate: undefined });
  expect(outcome(plain, scope), text).toEqual(outcome(cel, scope));
  return true;
}

const space = fc.constantFrom('', '', '', ' ', '\n\t');
const word = fc.constantFrom(
  'a',
  'b',
  'list',
  'steps',
  'constructor',
  'length',
  '__proto__',
  'toString',
  'a1',
  '_',
);
const text = fc.constantFrom('', 'a', 'b', 'x y', 'ü😀', '${', '\\', "'", '"', '}');
const quoted = fc
  .tuple(text, fc.constantFrom('"', "'"))
  .map(([content, quote]) => `${quote}${content.replaceAll(quote, '')}${quote}`);
const number = fc.oneof(
  fc.nat(4).map(String),
  fc.constantFrom('0.5', '1.0', '007', '9007199254740991', '9007199254740992', '1e3', '2u', '0x1f', '100'),
);
const root = fc.constantFrom(
  ...['item', 'item', 'item', 'config', 'steps', 'secrets', 'index', 'output', 'trigger', 'unknown', 'size'],
);
const key = fc.oneof(
  fc.tuple(space, word).map(([gap, name]) => `${gap}.${gap}${name}`),
  number.map((n) => `[${n}]`),
  quoted.map((name) => `[ ${name}]`),
);
const path = fc.tuple(root, fc.array(key, { maxLength: 3 })).map(([name, keys]) => name + keys.join(''));
const operator = fc.constantFrom(
  ...['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!=', '&&', '||', '%', 'in'],
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: path },
    { weight: 2, arbitrary: fc.oneof(number, quoted, fc.constantFrom('true', 'false', 'null')) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(tie('expression'), space, operator, space, tie('expression'))
        .map(([left, before, op, after, right]) => `${left} ${before}${op}${after} ${right}`),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(space, tie('expression')).map(([gap, inner]) => `(${gap}${inner}${gap})`),
    },
    { weight: 2, arbitrary: tie('expression').map((inner) => `!${inner}`) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        tie('expression').map((inner) => `-${inner}`),
        tie('expression').map((inner) => `size(${inner})`),
      ),
    },
  ),
}));

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, '', 'a', 'b', 'x y', 0, 1, 2, 3, -0, 0.5, 1e308, 9007199254740991),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 3 }) },
    {
      weight: 2,
      arbitrary: fc.dictionary(
        fc.constantFrom('a', 'b', 'list', 'constructor', 'length', '0', '1', 'a1'),
        tie('json'),
        {
          maxKeys: 4,
        },
      ),
    },
  ),
}));
const scopes = fc
  .record(
    { item: json, config: json, steps: json, secrets: json, index: fc.nat(3), output: json },
    { requiredKeys: ['item'] },
  )
  .map((scope) => toJson(scope) as Scope);

test('what is compiled without CEL does what CEL does', () => {
  let plain = 0;
  fc.assert(
    fc.property(expression, scopes, (source, scope) => {
      if (expectSame(source, scope)) plain++;
    }),
    { numRuns: 5_000 },
  );
  // Or it would compare nothing.
  expect(plain).toBeGreaterThan(1_000);
});

test('whatever CEL refuses is left to CEL', () => {
  const piece = fc.oneof(
    root,
    word,
    number,
    quoted,
    operator,
    fc.constantFrom(
      ...'. .. [ ] ( ) ! - ? : , { } // = & | " \' """ r"a" b"a" ?. [? true null in as for'.split(' '),
    ),
    space,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), fc.constantFrom('', ' '), scopes, (pieces, gap, scope) => {
      expectSame(pieces.join(gap), scope);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  'steps.total.output > 100',
  'parameters.amount * 0.25',
  'steps["a b"].output.rows[0].id',
  '!(item == "x" || index >= 2) && config.on',
  'secrets.TOKEN',
  '"$"',
])('%s is plain', (source) => {
  expect(compilePlain(source, source, expressionError)).toBeDefined();
});

test.each([
  ['a function', 'size(item)'],
  ['a method', 'item.a.size()'],
  ['a macro', 'item.all(x, x)'],
  ['a list', '[1]'],
  ['a map', '{"a": 1}'],
  ['a choice', 'item ? 1 : 2'],
  ['an index that is read', 'item[index]'],
  ['an optional', 'item.?a'],
  ['an escape', '"\\n"'],
  ['operands that never fit', '1 + "a"'],
  ['a name that is nowhere in scope', 'itm.a'],
  ['nothing', ''],
  ['a long text', `item${' + item'.repeat(100)}`],
  ['deep nesting', `${'('.repeat(60)}item${')'.repeat(60)}`],
  ['a long path', `item${'.a'.repeat(60)}`],
])('%s is left to CEL: %s', (_what, source) => {
  expect(compilePlain(source, source, expressionError)).toBeUndefined();
});

test('a value that was not frozen is copied, as CEL does', () => {
  const item = [[1]] as unknown as Scope['item'];
  const scope = { item, config: {} } as Scope;
  for (const source of ['item', 'item + item', 'config']) expect(expectSame(source, scope)).toBe(true);
});

test('work counts', () => {
  const item = toJson(Array.from({ length: 100_000 }, () => [[[1]], [[2]]]));
  const scope = { item, output: structuredClone(item) } as Scope;
  const source = Array.from({ length: 27 }, () => 'item == output').join(' && ');
  expect(expectSame(source, scope)).toBe(true);
  expect(outcome(compilePlain(source, source, expressionError)!, scope)).toMatchObject({
    message: expect.stringContaining('too much work'),
  });
});
