import { expect, test } from 'vitest';
import { compileExpression, compileTemplate, prepareExpressions } from './index.ts';

// In this order: what is loaded once stays loaded.

test('plain expressions are compiled without the CEL library', async () => {
  const plain = {
    steps: [
      {
        when: 'item > 1',
        foreach: '${steps.a.output}',
        config: { a: ['<${item.b}>', '$${size(x)}', 'size(x)'] },
      },
    ],
  };
  await prepareExpressions(plain);
  expect(compileTemplate(plain.steps[0]!.config).evaluate({ item: { b: 2 } })).toEqual({
    a: ['<2>', '${size(x)}', 'size(x)'],
  });
  expect(() => compileExpression('size(item)')).toThrow(/prepareExpressions/);
});

test('a problem that needs no library is found without it', async () => {
  await prepareExpressions('${never');
  expect(() => compileTemplate('${never')).toThrow(expect.objectContaining({ code: 'EXPRESSION_SYNTAX' }));
});

test.each([
  ['a bare expression', 'size(item)'],
  ['a template', { deep: ['<${size(item)}>'] }],
  ['a condition', { steps: [{ when: 'size(item) > 1' }] }],
  ['an older reference beside a function', '${size(step-outputs.a.b)}'],
])('%s brings the CEL library', async (_what, value) => {
  await prepareExpressions(value);
  expect(compileExpression('size(item)').evaluate({ item: 'ab' })).toBe(2);
});
