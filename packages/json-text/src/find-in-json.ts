/** What to look for; the first that is not undefined is what {@link findInJson} returns. */
export interface JsonFinder<T> {
  /** @param depth - how many objects and lists are open, together with the one that begins here */
  collection?(depth: number): T | undefined;
  /** @param isRepeated - whether the same object has had it before, be it with other escapes */
  key(key: string, isRepeated: boolean): T | undefined;
  /** @param written - with all its digits */
  number?(written: string): T | undefined;
}

/**
 * Walks over a text that `JSON.parse` has read, without a stack of calls: it may be as long and as deep as it likes.
 *
 * @param text - valid JSON: of anything else this says nothing
 */
export function findInJson<T>(text: string, { collection, key, number }: JsonFinder<T>): T | undefined {
  /** The keys so far of each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    let found: T | undefined;
    if (unit === 0x7b || unit === 0x5b) {
      const depth = open.push(unit === 0x7b ? new Set() : undefined);
      found = collection?.(depth);
    } else if (unit === 0x7d || unit === 0x5d) open.pop();
    else if (unit === 0x22) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end + 1)) {
        const written = text.slice(at + 1, end);
        const name = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
        found = key(name, keys.has(name));
        keys.add(name);
      }
      at = end;
    } else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const end = endOfNumber(text, at);
      found = number?.(text.slice(at, end));
      at = end - 1;
    }
    if (found !== undefined) return found;
  }
  return undefined;
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
