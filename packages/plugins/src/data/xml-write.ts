import { refuse } from './errors.ts';
import type { FormatOptions, Writer } from './formats.ts';

const namePattern = /^[\p{L}_][\p{L}\p{N}._:-]*$/u;
const maxDepth = 100;

/** Writes records as elements within one, as `readXml` reads them. */
export function createXmlWriter({ root = 'records', record = 'record' }: FormatOptions): Writer {
  let begun = false;
  const begin = (): string => {
    if (begun) return '';
    begun = true;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${checkXmlName(root)}>\n`;
  };
  return {
    write: (records) => begin() + records.map((each) => `  ${toXml(record, each, 1)}\n`).join(''),
    end: () => `${begin()}</${root}>\n`,
  };
}

function toXml(name: string, value: unknown, depth: number): string {
  checkXmlName(name);
  if (depth > maxDepth) throw refuse('DATA_INVALID', `The value is deeper than ${maxDepth} levels.`);
  if (Array.isArray(value)) return value.map((each) => toXml(name, each, depth + 1)).join('');
  if (value === null || value === undefined) return `<${name}/>`;
  if (typeof value !== 'object') return `<${name}>${escapeText(String(value))}</${name}>`;
  let attributes = '';
  let content = '';
  for (const [key, each] of Object.entries(value)) {
    if (key === '#text') content += escapeText(String(each));
    else if (key.startsWith('@'))
      attributes += ` ${checkXmlName(key.slice(1))}="${escapeText(String(each))}"`;
    else content += toXml(key, each, depth + 1);
  }
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** @throws DATA_INVALID: what is no name could close a tag and begin others */
function checkXmlName(name: string): string {
  if (namePattern.test(name)) return name;
  throw refuse(
    'DATA_INVALID',
    `${JSON.stringify(name.slice(0, 100))} cannot be the name of an element or attribute.`,
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand in XML, in no way.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw refuse('DATA_INVALID', 'A text has a control character, which XML cannot hold.');
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
}
