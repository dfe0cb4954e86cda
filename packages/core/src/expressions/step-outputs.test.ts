import { expect, test } from 'vitest';
import { normaliseStepOutputs } from './step-outputs.ts';

test.each([
  ['${step-outputs.a.b}', '${steps["a"].output["b"]}'],
  ['x ${step-outputs.step-1.some-key.0.deep} y', 'x ${steps["step-1"].output["some-key"][0]["deep"]} y'],
  ['${step-outputs.a}', '${steps["a"].output}'],
  ['${step-outputs["a b"].c}', '${steps["a b"].output["c"]}'],
  ['${step-outputs.a.rows.size() > 0}', '${steps["a"].output["rows"].size() > 0}'],
  ['${step-outputs.a.size()}', '${steps["a"].output.size()}'],
  ['${step-outputs.a.n + step-outputs.b.n}', '${steps["a"].output["n"] + steps["b"].output["n"]}'],
])('%s', (text, expected) => {
  expect(normaliseStepOutputs(text)).toBe(expected);
});

test.each([
  'see step-outputs.a.b',
  '$${step-outputs.a.b}',
  '${"step-outputs.a.b"}',
  '${config.step-outputs.a}',
  '${my-step-outputs.a.b}',
  '${step-outputs.a.b',
  '${config.a}',
  '',
])('%s stays as it is', (text) => {
  expect(normaliseStepOutputs(text)).toBe(text);
});

test('a bare expression is rewritten when it is said to be one', () => {
  expect(normaliseStepOutputs('step-outputs.a.b > 1', true)).toBe('steps["a"].output["b"] > 1');
  expect(normaliseStepOutputs('${step-outputs.a.b > 1}', true)).toBe('${steps["a"].output["b"] > 1}');
});

test('a long text takes linear time', () => {
  const start = performance.now();
  normaliseStepOutputs(`\${step-outputs.a.${'x'.repeat(1_000_000)}()}`);
  normaliseStepOutputs(`\${${'step-outputs '.repeat(100_000)}}`);
  expect(performance.now() - start).toBeLessThan(2_000);
});
