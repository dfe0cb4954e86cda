import { charge } from './work.ts';

const counting: ReadonlySet<string> = new Set(['substring', 'indexOf', 'lastIndexOf', 'split']);
/** Half of a character beyond U+FFFF, such as an emoji. */
const half = /[\ud800-\udfff]/;

/**
 * Has positions in a text count characters, as CEL and `size()` do. cel-js counts UTF-16 units there, and so cuts an emoji
 * in two.
 *
 * @param values - the text, and what is given besides
 * @param call - what cel-js does
 */
export function callByCharacter(
  name: string,
  values: readonly unknown[],
  call: (values: readonly unknown[]) => unknown,
): unknown {
  const [text, first, limit = -1] = values;
  if (!counting.has(name) || typeof text !== 'string' || !half.test(text)) return call(values);
  charge(text.length);
  if (name === 'split') return first === '' ? split([...text], Number(limit)) : call(values);
  const unitsOf = (count: number): number => {
    const passed = [...text].slice(0, Math.max(count, 0));
    // What is beyond the text stays as far beyond it.
    return passed.join('').length + count - passed.length;
  };
  const result = call(values.map((value) => (Number.isInteger(value) ? unitsOf(value as number) : value)));
  return typeof result === 'string' || Number(result) < 0
    ? result
    : [...text.slice(0, Number(result))].length;
}

function split(characters: string[], limit: number): string[] {
  if (limit < 0 || limit >= characters.length) return characters;
  const rest = characters.splice(Math.max(limit - 1, 0)).join('');
  return limit === 0 ? [] : [...characters, rest];
}
