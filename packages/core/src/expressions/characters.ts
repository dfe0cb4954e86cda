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
  if (name === 'split') return first === '' ? split(text, Number(limit)) : call(values);
  const result = call(
    values.map((value) => (Number.isInteger(value) ? unitsBefore(text, value as number) : value)),
  );
  return typeof result === 'string' ? result : charactersBefore(text, Number(result));
}

function split(text: string, limit: number): string[] {
  const characters = [...text];
  if (limit === 0) return [];
  return limit < 0 || limit >= characters.length
    ? characters
    : [...characters.slice(0, limit - 1), characters.slice(limit - 1).join('')];
}

/** What is beyond the text stays as far beyond it. */
function unitsBefore(text: string, characters: number): number {
  let units = 0;
  let left = characters;
  for (; left > 0 && units < text.length; left--) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units + left;
}

function charactersBefore(text: string, units: number): number {
  let characters = units;
  for (let at = 0; at < units; at++) {
    if (text.codePointAt(at)! > 0xffff) {
      characters--;
      at++;
    }
  }
  return characters;
}
