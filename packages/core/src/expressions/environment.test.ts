import { Environment } from '@marcbachmann/cel-js';
import { beforeAll, expect, test } from 'vitest';
import { toJson } from '../values/to-json.ts';
import { loadCel } from './expression.ts';
import { compileExpression } from './index.ts';

beforeAll(loadCel);

// What the folder leans on in cel-js beyond its documented interface: an update that breaks it shows here.

test('cel-js still needs what is done about it', () => {
  const plain = new Environment({ unlistedVariablesAreDyn: true });
  expect(plain.evaluate('3 / 2', {})).toBe(1n);
  expect(() => plain.evaluate('"abc".substring(n)', { n: 1 })).toThrow(/no matching overload/);
  expect(() => plain.evaluate('n % 2', { n: 1 })).toThrow(/no such overload/);
  expect(plain.check('c ? 1 : "a"').valid).toBe(false);
  expect(() => plain.evaluate('data.a', { data: { a: 1, constructor: 'x' } })).toThrow(/Unsupported type/);
});

test('loops let go of the data of the last evaluation', async () => {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const expression = compileExpression('cel.bind(a, item.list, a.map(x, a.filter(y, y == x)).all(z, true))');
  const evaluate = () => {
    const item = toJson({ list: [{ a: 1 }, { a: 2 }] });
    expect(expression.evaluate({ item })).toBe(true);
    return new WeakRef(item as object);
  };
  const item = evaluate();
  // A WeakRef holds on until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(item.deref()).toBeUndefined();
});
