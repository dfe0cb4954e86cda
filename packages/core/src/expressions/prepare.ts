import type { JsonValue } from '../model/json.ts';
import { isPlain, loadCel } from './expression.ts';
import { scan } from './scan.ts';
import { unwrap } from './template.ts';

/** Keys whose text is an expression even without `${}`. */
const bare: ReadonlySet<string> = new Set(['when', 'foreach', 'until']);

/**
 * Loads what the expressions in a value need to be compiled and evaluated: the CEL library unless all are plain,
 * and regular expressions when `matches` occurs.
 *
 * @param value - an expression, a template or a whole document
 */
export async function prepareExpressions(value: JsonValue): Promise<void> {
  const isBare = typeof value === 'string' && !value.includes('${');
  if (isBare ? isPlain(unwrap(value).source) : allPlain(value)) return;
  const { loadRegex } = await loadCel();
  if (JSON.stringify(value).includes('matches')) await loadRegex();
}

function allPlain(value: JsonValue): boolean {
  if (typeof value === 'string') return isPlainTemplate(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, child]: [string, JsonValue]) =>
    bare.has(key) && typeof child === 'string' ? isPlain(unwrap(child).source) : allPlain(child),
  );
}

function isPlainTemplate(text: string): boolean {
  if (!text.includes('${')) return true;
  const scanned = scan(text);
  // One that is never closed is a problem, which is found without the library.
  if (!('parts' in scanned)) return true;
  return scanned.parts.every((part) => !('expression' in part) || isPlain(part.expression));
}
