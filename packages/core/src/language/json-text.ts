import type { JsonValue } from '../model/json.ts';
import { isUnsafeKey } from './keys.ts';

/**
 * Reads a document of plain JSON, in a twentieth of the time that YAML takes: 1 MiB of small values held everything up for 3 s.
 *
 * @param maxDepth - collections inside of each other
 * @returns undefined for what is no JSON, and for all that a document may not have: read as YAML, it is told with its place
 */
export function readJsonText(text: string, maxDepth: number): JsonValue | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return isPlain(text, maxDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True when valid JSON means the same to everyone: no key twice, none that reaches a prototype, no number that loses something. */
function isPlain(text: string, maxDepth: number): boolean {
  /** The keys so far of each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x7b || unit === 0x5b) {
      if (open.push(unit === 0x7b ? new Set() : undefined) > maxDepth) return false;
    } else if (unit === 0x7d || unit === 0x5d) open.pop();
    else if (unit === 0x22) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end + 1)) {
        const written = text.slice(at + 1, end);
        const key = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
        if (isUnsafeKey(key) || keys.has(key)) return false;
        keys.add(key);
      }
      at = end;
    } else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const end = endOfNumber(text, at);
      if (end - at > 15 || !/^-?\d+(?:\.\d+)?$/.test(text.slice(at, end)) || text.startsWith('-0', at))
        return false;
      at = end - 1;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at++;
    else if (unit === 0x22) return at;
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start;
  while (/[-+.0-9eE]/.test(text[at] ?? '')) at++;
  return at;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === 0x3a;
}
