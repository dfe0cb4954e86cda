import { expressionsIn } from '../document/expressions.ts';
import type { Name } from './scope.ts';

/** Functions that people use most; the language has more. */
const functions: readonly Name[] = [
  { name: 'size(', detail: 'length of a text, list or map' },
  { name: 'has(', detail: 'whether a key is there' },
  { name: 'string(', detail: 'as text' },
  { name: 'double(', detail: 'as a number' },
  { name: 'timestamp(', detail: 'a moment from ISO 8601' },
  { name: 'duration(', detail: 'a length of time' },
];

const methods: readonly Name[] = [
  { name: 'filter(x, ', detail: 'items for which it holds' },
  { name: 'map(x, ', detail: 'each item as something else' },
  { name: 'exists(x, ', detail: 'whether it holds for one' },
  { name: 'all(x, ', detail: 'whether it holds for all' },
  { name: 'contains(', detail: 'whether a text is in it' },
  { name: 'startsWith(', detail: 'whether it begins so' },
  { name: 'endsWith(', detail: 'whether it ends so' },
  { name: 'matches(', detail: 'whether a pattern fits' },
  { name: 'split(', detail: 'parts of a text' },
  { name: 'join(', detail: 'a text of parts' },
];

/** What can be written at the cursor. */
export interface Completion {
  /** Offset in the text that is replaced, up to the cursor. */
  readonly from: number;
  readonly options: readonly Option[];
}

export interface Option {
  readonly label: string;
  /** What is put in; `['a-b']` for a name that cannot follow a dot. */
  readonly insert: string;
  readonly detail?: string;
  readonly isFunction: boolean;
}

/**
 * What can be written at an offset of a template.
 *
 * @param isBare - the text is an expression as a whole
 */
export function completeAt(
  text: string,
  offset: number,
  names: readonly Name[],
  isBare: boolean,
): Completion | undefined {
  const parts = expressionsIn(text);
  const part = parts.find(
    ({ start, end, isClosed }) => offset >= start && offset <= end - (isClosed ? 1 : 0),
  );
  if (!part && !(isBare && parts.length === 0)) return undefined;
  const before = text.slice(part?.start ?? 0, offset);
  if (inString(before)) return undefined;
  const match =
    /((?:[A-Za-z_]\w*|\[\s*(?:"[^"]*"|'[^']*')\s*\])(?:\s*(?:\.\s*\??|\[\s*\??\s*(?:"[^"]*"|'[^']*')\s*\])\s*[A-Za-z_]?\w*)*)?$/.exec(
      before,
    );
  const path = match?.[0] ?? '';
  const keys = [...path.matchAll(/[A-Za-z_]\w*|"([^"]*)"|'([^']*)'/g)].map(
    (each) => each[1] ?? each[2] ?? each[0],
  );
  const isMember = /[.\]]/.test(path);
  const word = /\w*$/.exec(path)?.[0] ?? '';
  const known = path.endsWith(']') ? keys : word === '' ? keys : keys.slice(0, -1);
  let at: readonly Name[] | undefined = names;
  for (const key of known) at = at?.find(({ name }) => name === key)?.inside;
  const dot = isMember && !path.endsWith(']');
  if (isMember && !dot) return undefined;
  const found: Option[] = [
    ...(at ?? []).map(
      ({ name, detail }): Option => ({ label: name, insert: name, detail, isFunction: false }),
    ),
    ...(isMember ? (known.length > 1 ? methods : []) : functions).map(
      ({ name, detail }): Option => ({
        label: name.replace(/\(.*$/, '()'),
        insert: name,
        detail,
        isFunction: true,
      }),
    ),
  ].filter(({ label }) => label.toLowerCase().startsWith(word.toLowerCase()) && label !== word);
  const options = found.map((option) =>
    option.isFunction || /^[A-Za-z_]\w*$/.test(option.label)
      ? option
      : { ...option, insert: `['${option.label}']` },
  );
  return options.length > 0 ? { from: offset - word.length, options } : undefined;
}

/** The text with an option put in, and where the cursor is then. */
export function applyOption(
  text: string,
  offset: number,
  { from }: Completion,
  { insert }: Option,
): { text: string; offset: number } {
  // A name in brackets takes the place of the dot before it.
  const start = insert.startsWith('[') && text[from - 1] === '.' ? from - 1 : from;
  return { text: text.slice(0, start) + insert + text.slice(offset), offset: start + insert.length };
}

function inString(before: string): boolean {
  let quote = '';
  for (let at = 0; at < before.length; at++) {
    const letter = before[at]!;
    if (quote !== '' && letter === '\\') at++;
    else if (letter === quote) quote = '';
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
  }
  return quote !== '';
}
