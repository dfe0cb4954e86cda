import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCel } from './expression.ts';
import { compileExpression, prepareExpressions } from './index.ts';

const pattern = fc
  .array(
    fc
      .tuple(
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(a|b)', '(?:ab)'),
        fc.constantFrom('', '*', '+', '?', '{1,2}'),
      )
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

test('matches() is RE2, once it was prepared for', async () => {
  await loadCel();
  const expression = compileExpression('item.matches(output)');
  const matches = (item: string, output: string) => expression.evaluate({ item, output });
  await prepareExpressions({ nothing: 'to load' });
  expect(() => matches('a', 'a')).toThrow(
    expect.objectContaining({
      code: 'EXPRESSION_ERROR',
      message: expect.stringContaining('prepareExpressions'),
    }),
  );
  await prepareExpressions({ steps: [{ when: 'item.matches("^a")' }] });
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ') }), (source, text) => {
      expect(matches(text, source)).toBe(new RegExp(source).test(text));
      expect(matches(text, `^${source}$`)).toBe(new RegExp(`^${source}$`).test(text));
    }),
  );
  expect(matches('aA', '(?i)^aa$')).toBe(true);
  expect(() => matches('a', '(?=a)')).toThrow(expect.objectContaining({ code: 'EXPRESSION_ERROR' }));
  expect(() => compileExpression('"a".matches(1)')).toThrow(
    expect.objectContaining({ code: 'EXPRESSION_TYPE' }),
  );
  expect(() => compileExpression('item.matches(1)').evaluate({ item: 'a' })).toThrow(/no matching overload/);
});
