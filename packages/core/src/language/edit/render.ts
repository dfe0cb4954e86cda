import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Style } from './style.ts';

/** How a scalar is written. */
export type Quoting = 'plain' | 'single' | 'double';

/** Longest list of scalars that is put on one line. */
const inlineWidth = 80;

// What YAML 1.2 reads as something else than text.
const otherThanText =
  /^(?:~|null|true|false|[-+]?\.(?:inf|nan)|[-+]?(?:\.\d|\d)[\d.]*(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+)$/i;
// And what other readers of YAML do.
const otherElsewhere = /^(?:yes|no|on|off|[-+]?[\d.][\d_.,:]*|\d{4}-\d\d?-\d\d?.*)$/i;

/** Text on one line, quoted as wished where that is possible. */
function renderText(text: string, quoting: Quoting | undefined, flow: boolean, style: Style): string {
  if (style.json) return JSON.stringify(text);
  if (quoting === 'plain' || quoting === undefined) {
    // A template reads better in quotes, and needs them in a flow mapping.
    const unclear = quoting === undefined && (text.includes('${') || otherElsewhere.test(text));
    if (isPlain(text, flow) && !unclear) return text;
  }
  const printable = !/[\p{Cc}\uFEFF\u2028\u2029\uFFFE\uFFFF]/u.test(text);
  const single = quoting === 'single' || (quoting !== 'double' && /["\\]/.test(text));
  if (single && printable) return `'${text.replaceAll("'", "''")}'`;
  // What JSON leaves as it is, YAML may fold or refuse.
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\uFEFF\u2028\u2029\uFFFE\uFFFF]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || otherThanText.test(text)) return false;
  if (/[\p{Cc}\uFEFF\u2028\u2029\uFFFE\uFFFF]/u.test(text)) return false;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !(flow && /[,[\]{}]|^[-?:]|:[,[\]{}]/.test(text));
}

/** Any value on one line. */
export function renderInline(value: JsonValue, flow: boolean, style: Style, quoting?: Quoting): string {
  if (typeof value === 'string') return renderText(value, quoting, flow, style);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${(value as JsonValue[]).map((each) => renderInline(each, true, style)).join(', ')}]`;
  }
  const entries = Object.entries(value as JsonObject).map(
    ([key, each]) => `${renderKey(key, true, style)}: ${renderInline(each, true, style)}`,
  );
  if (entries.length === 0) return '{}';
  const pad = style.padded ? ' ' : '';
  return `{${pad}${entries.join(', ')}${pad}}`;
}

/** A key of a mapping. */
export function renderKey(key: string, flow: boolean, style: Style): string {
  if (style.json) return JSON.stringify(key);
  if (key === '<<' || key.length > 900) return JSON.stringify(key);
  return renderText(key, 'plain', flow, style);
}

/**
 * A value over several lines, as it stands below its key or behind its dash. The first line has no
 * indentation, the others have that of `column`. Scalars and short lists stay on one line.
 */
export function renderBlock(value: JsonValue, column: number, style: Style, quoting?: Quoting): string {
  const pad = style.eol + ' '.repeat(column);
  if (style.json) return JSON.stringify(value, null, style.indent).replaceAll('\n', pad);
  if (typeof value === 'string' && value.includes('\n')) {
    return renderLiteral(value, column, style) ?? renderText(value, quoting, false, style);
  }
  if (isInline(value, style)) return renderInline(value, false, style, quoting);
  if (Array.isArray(value)) {
    return (value as JsonValue[]).map((each) => `- ${renderBlock(each, column + 2, style)}`).join(pad);
  }
  return Object.entries(value as JsonObject)
    .map(([key, each]) => renderEntry(key, each, column, style))
    .join(pad);
}

/** `key: value` of a block mapping whose keys stand at `column`. */
export function renderEntry(key: string, value: JsonValue, column: number, style: Style): string {
  return `${renderKey(key, false, style)}:${renderBehindColon(value, column, style)}`;
}

/** What follows the colon of a key at `column`, with the space or line break in between. */
export function renderBehindColon(value: JsonValue, column: number, style: Style, quoting?: Quoting): string {
  const isList = Array.isArray(value);
  const inner = column + (isList && !style.indentedLists ? 0 : style.indent);
  if (style.json) return ` ${renderBlock(value, column, style)}`;
  if (typeof value === 'string' && value.includes('\n'))
    return ` ${renderBlock(value, inner, style, quoting)}`;
  if (isInline(value, style)) return ` ${renderInline(value, false, style, quoting)}`;
  return `${style.eol}${' '.repeat(inner)}${renderBlock(value, inner, style)}`;
}

/** True for what fits on the line of its key. */
function isInline(value: JsonValue, style: Style): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const inner = Object.values(value) as JsonValue[];
  if (inner.length === 0) return true;
  if (!Array.isArray(value) || inner.some((each) => typeof each === 'object' && each !== null)) return false;
  return renderInline(value, false, style).length <= inlineWidth;
}

/** A literal block; undefined where one cannot hold the text. */
function renderLiteral(text: string, column: number, style: Style): string | undefined {
  const body = text.replace(/\n+$/, '');
  // Leading spaces would need an indicator; lone returns and control characters cannot be written at all.
  if (
    body === '' ||
    /^\s/.test(text) ||
    /[^\P{Cc}\n\t]|[\uFEFF\u2028\u2029\uFFFE\uFFFF]/u.test(text) ||
    column === 0
  )
    return undefined;
  const ends = text.length - body.length;
  const pad = ' '.repeat(column);
  const lines = body.split('\n').map((line) => (line === '' ? '' : pad + line));
  const kept = ends > 1 ? Array.from({ length: ends - 1 }, () => '') : [];
  return [`|${ends === 0 ? '-' : ends === 1 ? '' : '+'}`, ...lines, ...kept].join(style.eol);
}
