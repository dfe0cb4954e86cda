import { SaxesParser } from 'saxes';
import { refuse } from './errors.ts';
import type { FormatOptions, Limits } from './formats.ts';
import { checkName, type Records } from './records.ts';

/** An element as an object: attributes as `@name`, elements by their name, text as `#text`; one with text alone is a text. */
type Element = Record<string, unknown>;

const maxDepth = 100;

interface Open {
  readonly name: string;
  readonly element: Element;
  text: string;
  size: number;
}

/**
 * Reads XML that is well-formed, element by element. Entities that a document declares are not known, so none can grow or
 * fetch something.
 *
 * With `record`, the elements of that name are the records, and nothing else is kept; else the document is the only one.
 */
export async function* readXml(
  source: AsyncIterable<string>,
  { record }: FormatOptions,
  { maxRecord }: Limits,
): Records {
  const parser = new SaxesParser({ position: true });
  const open: Open[] = [];
  let found: unknown[] = [];
  let depth = 0;
  // The parser keeps what has not ended yet: a text, a comment, a tag with all of its attributes.
  let kept = 0;
  const ended = (): void => {
    kept = 0;
  };
  parser.on('comment', ended);
  parser.on('processinginstruction', ended);
  const grow = (size: number): void => {
    const top = open[0];
    if (top === undefined) return;
    top.size += size;
    if (top.size > maxRecord)
      throw refuse(
        'DATA_INVALID',
        `The element at line ${parser.line} is longer than ${maxRecord} characters.`,
      );
  };
  parser.on('error', (error) => {
    throw refuse('DATA_INVALID', `The XML is not well-formed: ${error.message.slice(0, 200)}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    ended();
    if (++depth > maxDepth)
      throw refuse('DATA_INVALID', `The XML is deeper than ${maxDepth} elements (line ${parser.line}).`);
    if (open.length === 0 && record !== undefined && name !== record) return;
    const element: Element = {};
    for (const [key, value] of Object.entries(attributes as Record<string, string>)) {
      element[`@${key}`] = value;
      grow(key.length + value.length);
    }
    open.push({ name: checkName(name), element, text: '', size: 0 });
    grow(name.length);
  });
  const addText = (text: string): void => {
    ended();
    const top = open.at(-1);
    if (top === undefined) return;
    top.text += text;
    grow(text.length);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    ended();
    depth--;
    const closed = open.pop();
    if (closed === undefined) return;
    const value = close(closed);
    const parent = open.at(-1);
    if (parent === undefined) found.push(record === undefined ? { [closed.name]: value } : value);
    else add(parent.element, closed.name, value);
  });
  for await (const piece of source) {
    kept += piece.length;
    parser.write(piece);
    if (kept > maxRecord)
      throw refuse(
        'DATA_INVALID',
        `What stands at line ${parser.line} is longer than ${maxRecord} characters.`,
      );
    if (found.length > 0) {
      yield found;
      found = [];
    }
  }
  parser.close();
  if (found.length > 0) yield found;
}

function close({ element, text }: Open): unknown {
  const trimmed = text.trim();
  if (Object.keys(element).length === 0) return trimmed;
  if (trimmed !== '') element['#text'] = trimmed;
  return element;
}

/** What comes more than once becomes a list. */
function add(element: Element, name: string, value: unknown): void {
  const before = element[name];
  if (!Object.hasOwn(element, name)) element[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else element[name] = [before, value];
}
