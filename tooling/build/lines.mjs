import { parseAst } from 'rolldown/parseAst';

/** Longer lines are broken where that is possible, in characters. */
const width = 120;

/**
 * Breaks minified code into lines, before statements, members and entries of lists: Node shows the whole line that an
 * uncaught error was thrown in. What a printer would indent and space is a fifth of a file, which V8 keeps in memory.
 *
 * @param {string} code in ASCII, so that the parser and JavaScript count alike
 */
export function breakLines(code) {
  /** @type {Map<number, boolean>} by offset: whether the line always ends there */
  const places = new Map();
  collect(parseAst(code), code, places);
  let result = '';
  let written = 0;
  let before = 0;
  const breakAt = (/** @type {number} */ place) => {
    if (place <= written) return;
    result += `${code.slice(written, place)}\n`;
    written = place;
  };
  for (const [place, always] of [...places].sort(([a], [b]) => a - b)) {
    if (place - written > width) breakAt(before);
    if (always) breakAt(place);
    before = place;
  }
  result += code.slice(written);
  if (shape(result) !== shape(code))
    throw new Error('Breaking the code into lines has changed what it does.');
  return result;
}

/**
 * The syntax tree without its places.
 *
 * @param {string} code
 */
function shape(code) {
  return JSON.stringify(parseAst(code), (key, value) => {
    if (key === 'start' || key === 'end') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/**
 * @param {any} node
 * @param {string} code
 * @param {Map<number, boolean>} places
 */
function collect(node, code, places) {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      const always = node.type === 'Program' || node.type === 'ClassBody';
      for (const item of value) {
        if (typeof item?.start !== 'number') continue;
        // Nothing else can stand before an entry, but what belongs on its line: `return a, b`, the text of a template.
        if ('{([,;}'.includes(code[item.start - 1] ?? ' ') && node.type !== 'TemplateLiteral')
          places.set(item.start, always);
        collect(item, code, places);
      }
    } else if (typeof value === 'object' && value !== null && 'type' in value) collect(value, code, places);
  }
}
