import { refuse } from './errors.ts';
import type { FormatOptions, Writer } from './formats.ts';

// What XML 1.0 knows as names: no "m²", though a letter and a number.
const start = String.raw`A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}`;
const namePattern = new RegExp(
  String.raw`^[${start}][${start}:\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}-\u{2040}]*$`,
  'u',
);
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
    write: (records) => begin() + records.map((each) => `  ${toXml(record, each, 2)}\n`).join(''),
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
    if (key === '#text') content += escapeText(toText(key, each));
    else if (key.startsWith('@'))
      attributes += ` ${checkXmlName(key.slice(1))}="${escapeText(toText(key, each)).replaceAll(/[\t\n]/g, toReference)}"`;
    else content += toXml(key, each, depth + 1);
  }
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function toText(key: string, value: unknown): string {
  if (typeof value !== 'object') return String(value);
  if (value === null) return '';
  throw refuse('DATA_INVALID', `${JSON.stringify(key.slice(0, 100))} cannot hold a list or an object.`);
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

/** Of a line break or tab: as itself it is read as another one, in an attribute as a space. */
function toReference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand in XML, in no way.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw refuse('DATA_INVALID', 'A text has a control character, which XML cannot hold.');
  if (!text.isWellFormed())
    throw refuse('DATA_INVALID', 'A text has half a character (a lone surrogate), which XML cannot hold.');
  return text.replaceAll(/[&<>"\r]/g, (character) => entities[character] ?? toReference(character));
}
