import type { JsonValue } from '../model/json.ts';
import { isDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, kindOf, type Path, showValue } from './path.ts';
import type { Report } from './report.ts';
import { checkSchema } from './schema-valid.ts';
import type { NumberShape, ObjectShape, Shape, TextShape } from './shape.ts';

const patterns = new Map<string, RegExp>();

/** What other workflow languages call it. */
const synonyms: Readonly<Partial<Record<string, string>>> = {
  depends_on: 'dependencies',
  needs: 'dependencies',
  after: 'dependencies',
  if: 'when',
  condition: 'when',
  retries: 'retry',
  loop: 'foreach',
  for_each: 'foreach',
  with: 'config',
  inputs: 'config',
  uses: 'handler',
  action: 'handler',
  continue_on_error: 'required',
  optional: 'required',
  rollback: 'compensate',
  jobs: 'steps',
  tasks: 'steps',
  on: 'triggers',
  max_attempts: 'attempts',
};

/** Reports where a value does not have the given shape. */
export function checkShape(shape: Shape, value: JsonValue, path: Path, report: Report): void {
  switch (shape.type) {
    case 'anything':
      return;
    case 'object':
      if (isRecord(value)) checkObject(shape, value, path, report);
      else wrongType(`a mapping`, value, path, report);
      return;
    case 'mapping':
      if (!isRecord(value)) wrongType('a mapping', value, path, report);
      return;
    case 'schema':
      if (isRecord(value)) checkSchema(value, path, report);
      else wrongType('a mapping of JSON Schema keywords', value, path, report);
      return;
    case 'list':
      if (!Array.isArray(value)) wrongType('a list', value, path, report);
      else if (value.length < (shape.minimum ?? 0)) {
        report.add('REQUIRED', path, `${called(path)} is empty. Give at least ${shape.minimum}.`);
      } else
        value.forEach((each: JsonValue, index) => {
          checkShape(shape.items, each, [...path, index], report);
        });
      return;
    case 'text':
      checkText(shape, value, path, report);
      return;
    case 'number':
      checkNumber(shape, value, path, report);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') wrongType('true or false', value, path, report);
      return;
    case 'word':
      if (typeof value !== 'string') wrongType(oneOf(shape.words), value, path, report);
      else if (!shape.words.includes(value)) {
        const suggestion = report.nearest(value, shape.words);
        const message = `${called(path)} is ${showValue(value)}, but must be ${oneOf(shape.words)}.${didYouMean(suggestion)}`;
        report.add('VALUE', path, message, { suggestion });
      }
      return;
    case 'duration':
      if (!isDuration(value)) {
        const message = `${called(path)} is ${showValue(value)}, which is no duration. Write "250ms", "10s", "5m", "2h", "1d" or a number of milliseconds.`;
        report.add('DURATION', path, message);
      }
      return;
    case 'choice': {
      const meant = shape.select(value);
      if (meant) checkShape(meant, value, path, report);
      else wrongType(shape.expected, value, path, report);
      return;
    }
  }
}

function checkObject(shape: ObjectShape, value: Record<string, JsonValue>, path: Path, report: Report): void {
  for (const [key, each] of Object.entries(value)) {
    const inner = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (inner) {
      checkShape(inner, each, [...path, key], report);
      continue;
    }
    const missing = Object.keys(shape.keys).filter((known) => !Object.hasOwn(value, known));
    const synonym = synonyms[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
    const meant = synonym !== undefined && Object.hasOwn(shape.keys, synonym) ? synonym : undefined;
    const suggestion = meant ?? report.nearest(key, missing) ?? report.nearest(key, Object.keys(shape.keys));
    const hint = didYouMean(suggestion) || ` It has ${list(Object.keys(shape.keys))}.`;
    report.add('UNKNOWN_KEY', [...path, key], `${sentenceCase(shape.noun)} has no key "${key}".${hint}`, {
      key: true,
      suggestion,
    });
  }
  for (const key of shape.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    const { description } = shape.keys[key] as Shape;
    report.add(
      'REQUIRED',
      [...path, key],
      `${sentenceCase(shape.noun)} needs "${key}": ${lowerCase(description)}`,
    );
  }
}

function checkText(shape: TextShape, value: JsonValue, path: Path, report: Report): void {
  if (typeof value !== 'string') {
    const scalar = typeof value === 'number' || typeof value === 'boolean';
    wrongType('text', value, path, report, scalar ? ' Put it in quotes.' : '');
  } else if (shape.filled && value.trim() === '') {
    report.add('REQUIRED', path, `${called(path)} is empty. ${shape.description}`);
  } else if (shape.pattern !== undefined && !matches(shape.pattern, value)) {
    const example = shape.examples ? `, for example ${JSON.stringify(shape.examples[0])}` : '';
    report.add(
      'VALUE',
      path,
      `${called(path)} is ${showValue(value)}, but must be ${shape.expected}${example}.`,
    );
  }
}

function checkNumber(shape: NumberShape, value: JsonValue, path: Path, report: Report): void {
  const kind = shape.integer ? 'a whole number' : 'a number';
  if (typeof value !== 'number') wrongType(kind, value, path, report);
  else if (value < shape.minimum || (shape.integer && !Number.isSafeInteger(value))) {
    report.add('VALUE', path, `${called(path)} is ${value}, but must be ${kind} from ${shape.minimum} up.`);
  }
}

function wrongType(expected: string, value: JsonValue, path: Path, report: Report, hint = ''): void {
  if (value === null) {
    report.add(
      'TYPE',
      path,
      `${called(path)} has no value, but must be ${expected}. Give it one or leave it out.`,
    );
  } else {
    const shown = typeof value === 'object' ? kindOf(value) : showValue(value);
    report.add('TYPE', path, `${called(path)} is ${shown}, but must be ${expected}.${hint}`);
  }
}

/** True when the whole of the text matches. */
export function matches(pattern: string, text: string): boolean {
  const compiled = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, compiled);
  return compiled.test(text);
}

function called(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The document';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.at(-2);
  return typeof list === 'string' ? `Entry ${last} of "${list}"` : `Entry ${last}`;
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? `"${words[0]}"` : `one of ${list(words)}`;
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerCase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
