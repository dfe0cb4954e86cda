import { refuse } from './errors.ts';

type Path = readonly string[];

/** A `package.json` or lockfile as text: what is set in it changes nothing else, not even a space. */
export interface JsonText {
  readonly text: string;
  /** The value at a path; undefined when it is not there. */
  get(path: Path): unknown;
  /** Replaces a text that is there. */
  set(path: Path, value: string): JsonText;
}

/** @throws RELEASE_FILE_INVALID */
export function readJson(path: string, text: string): JsonText {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('RELEASE_FILE_INVALID', `${JSON.stringify(path)} is no JSON object.`);
  return {
    text,
    get: (at) => at.reduce(below, value),
    set(at, replacement) {
      const span = findValue(text, at);
      if (!span) return this;
      return readJson(path, text.slice(0, span.start) + JSON.stringify(replacement) + text.slice(span.end));
    },
  };
}

function parse(text: string): unknown {
  try {
    // Some editors begin a file with a mark.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

function below(value: unknown, key: string): unknown {
  const there = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return there ? (value as Record<string, unknown>)[key] : undefined;
}

/** Every token of JSON that matters here: texts, brackets, commas, colons, and what numbers and words are made of. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:\uFEFF]+/g;

/** Where a value stands in valid JSON. Of keys that come twice the last one, as `JSON.parse` takes it. */
function findValue(text: string, path: Path): { start: number; end: number } | undefined {
  const keys: (string | undefined)[] = [];
  let key: string | undefined;
  let found: { start: number; end: number } | undefined;
  let last = '';
  for (const { 0: part, index } of text.matchAll(token)) {
    if (part === '{' || part === '[') {
      keys.push(key);
      key = undefined;
    } else if (part === '}' || part === ']') {
      keys.pop();
      key = undefined;
    } else if (part === ',') key = undefined;
    else if (part === ':') key = JSON.parse(last) as string;
    else if (
      key === path.at(-1) &&
      keys.length === path.length &&
      path.every((each, i) => i + 1 === path.length || keys[i + 1] === each)
    )
      found = { start: index, end: index + part.length };
    last = part;
  }
  return found;
}
