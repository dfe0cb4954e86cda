import { beforeAll, describe, expect, test } from 'vitest';
import { toJson } from '../values/to-json.ts';
import { compileTemplate, prepareExpressions, type Scope } from './index.ts';

const scope = toJson({
  config: { big: Array.from({ length: 100_000 }, (_, index) => index), text: 'a'.repeat(1 << 20) },
}) as Scope;

beforeAll(() => prepareExpressions('matches'));

/** `cel.bind` n times, each value made from the one before. */
function doubling(
  times: number,
  first: string,
  step: (name: string) => string,
  last: (name: string) => string,
): string {
  let text = '';
  for (let index = 0; index < times; index++) {
    text += `cel.bind(v${index}, ${index === 0 ? first : step(`v${index - 1}`)}, `;
  }
  return text + last(`v${times - 1}`) + ')'.repeat(times);
}
const same = (name: string): string => name;
const pair = (name: string): string => `[${name}, ${name}]`;
const twice = (name: string): string => `${name} + ${name}`;
/** What must fail, soon, whatever is tried. */
const refused: Record<string, string> = {
  'a loop in a loop': 'config.big.map(x, config.big.map(y, x * y))',
  'three loops': 'config.big.all(x, config.big.all(y, config.big.all(z, true)))',
  'loops over failures': 'config.big.exists(x, config.big.exists(y, y.a == 1))',
  'failures that do not matter': 'config.big.map(x, config.big.map(y, y.a == 1 || true))',
  'a doubled text': doubling(22, '"'.concat('x'.repeat(900), '"'), twice, same),
  'a doubled list': doubling(22, '[1, 2, 3, 4]', twice, same),
  'a list that holds itself twice, 22 times over': doubling(22, '[1]', pair, same),
  'compared lists': 'cel.bind(copy, config.big.map(y, y), config.big.all(x, copy == config.big))',
  'searched lists': 'cel.bind(copy, config.big.map(y, y), config.big.all(x, copy in [config.big]))',
  'lists in lists': 'config.big.filter(x, !(x in config.big))',
  'kept lists': 'config.big.map(x, [x] + config.big)',
  'a worst-case search': 'cel.bind(h, config.text + config.text, h.contains("b" + config.text))',
  'a search for every item': 'config.big.exists(x, config.text.contains("aaab"))',
  'a split for every item': 'config.big.map(x, config.text.split(""))',
  'deeply nested bindings': doubling(40, '[1]', pair, same),
  'a regular expression of many states': `config.text.matches("${'a?'.repeat(300)}b")`,
  'a regular expression that unfolds': '"a".matches("((((a{1000}){1000}){1000}){1000})")',
  'a new regular expression for every item': 'config.big.map(x, "a".matches("a{" + string(x % 900) + "}"))',
  'large lists': `config.big.map(x, [${Array(900).fill(1)}])`,
  'empty lists': 'config.big.map(x, config.big.map(y, []))',
  'large texts': 'config.big.map(x, config.text + "a")',
  'changed texts': 'config.big.map(x, config.text.upperAscii())',
  'compared texts': 'config.big.all(x, (config.text + "a") == (config.text + "a"))',
  'ordered texts': 'config.big.all(x, (config.text + "a") <= (config.text + "b"))',
  'counted texts': 'config.big.map(x, config.text.size())',
  'a joined text': 'config.big.map(x, config.text).join()',
  'time zones': 'config.big.map(x, timestamp("2024-01-01T00:00:00Z").getHours("Europe/Berlin"))',
  signs: `${'-'.repeat(9_990)}1`,
  negations: `${'!'.repeat(9_990)}true`,
  parentheses: `${'('.repeat(4_000)}1${')'.repeat(4_000)}`,
  brackets: '['.repeat(4_000),
  'a long sum': Array(4_500).fill('1').join('+'),
  conditions: `${'true?'.repeat(1_400)}1${':1'.repeat(1_400)}`,
  'a long path': `config${'.a'.repeat(4_900)}`,
  'a long text': `"${'a'.repeat(20_000)}"`,
  'a long body': `config.big.map(x, ${Array(1_000).fill('x').join('||')})`,
  'deep JSON': `bytes("${'['.repeat(4_000)}${']'.repeat(4_000)}").json()`,
};

describe('hostile expressions end soon and take little memory', () => {
  test.each(Object.entries(refused))('%s', (_, text) => {
    const start = performance.now();
    expect(() => compileTemplate(`\${${text}}`).evaluate(scope)).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^EXPRESSION_(ERROR|SYNTAX|TYPE)$/),
        retryable: false,
      }),
    );
    // 1 s is the limit of an evaluation; the bound leaves room for one step that is slow and for slow machines.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('a text that would hold one large value many times', () => {
    const start = performance.now();
    for (const text of ['x${config.big.map(x, config.text)}', '${config.text}'.repeat(100)]) {
      expect(() => compileTemplate(text).evaluate(scope)).toThrow(
        expect.objectContaining({ code: 'EXPRESSION_ERROR' }),
      );
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('a limit cannot be swallowed', () => {
    const loop = 'config.big.all(x, config.big.all(y, true))';
    for (const text of [`${loop} || true`, `!(${loop} && false)`, `[1].exists(x, ${loop} || true)`]) {
      expect(() => compileTemplate(`\${${text}}`).evaluate(scope), text).toThrow(/too much work/);
    }
  });
});

test('ordinary work on large values is allowed', () => {
  const fill = (text: string) => compileTemplate(text).evaluate(scope);
  expect(fill('${config.big.filter(x, x % 2 == 0).map(x, x * 2).size()}')).toBe(50_000);
  expect(fill('${config.text.contains("b") || config.text.endsWith("aa")}')).toBe(true);
  expect(fill('${config.text.matches("^a+$")}')).toBe(true);
  expect(fill('${config.text.substring(0, 100000).matches("(a+)+b")}')).toBe(false);
  expect(fill('${config.text + "!"}')).toHaveLength((1 << 20) + 1);
  expect(fill('${config.big.map(x, {"id": x})}')).toHaveLength(100_000);
  expect((fill('${config.text.split("")}') as string[]).length).toBe(1 << 20);
});
