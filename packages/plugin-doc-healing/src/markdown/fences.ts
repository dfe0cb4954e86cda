import { isRule } from './lines.ts';

/** HTML that does not end at a blank line, and what ends it. */
const raw: readonly { readonly begins: RegExp; readonly ends: RegExp }[] = [
  { begins: /^ {0,3}<(?:script|pre|style|textarea)/i, ends: /<\/(?:script|pre|style|textarea)>/i },
  { begins: /^ {0,3}<!--/, ends: /-->/ },
  { begins: /^ {0,3}<\?/, ends: /\?>/ },
  { begins: /^ {0,3}<![a-z]/i, ends: />/ },
  { begins: /^ {0,3}<!\[CDATA\[/i, ends: /\]\]>/ },
];

/** With more fences that may be open, none is for sure any more. */
const maxOpen = 8;

/**
 * Follows the fences of code that are in no list and no quote, line by line. Where it cannot be told whether one is open, both are held
 * possible, and only what is code in each case is said to be.
 */
export class Fences {
  /** Those that may be open; empty for none. */
  #open: ReadonlySet<string> = new Set(['']);
  #lost = false;
  /** The kinds of HTML that may be open, all that are and maybe more. */
  readonly #raw = new Set<RegExp>();
  #tag = false;
  /** How far a line must be indented to be in the list that surely is open; 0 for none. */
  #item = 0;
  #blank = true;

  /** True where the next line is surely neither in code nor in HTML. */
  get isText(): boolean {
    return !this.#lost && this.#open.size === 1 && this.#open.has('') && !this.#isHtml;
  }

  get #isHtml(): boolean {
    return this.#tag || this.#raw.size > 0;
  }

  /** Goes on by a line. @returns true where it surely is code, or a fence around it */
  read(line: string): boolean {
    if (this.#lost) return false;
    const before = this.#open;
    const after = new Set([...before].flatMap((fence) => this.#next(fence, line)));
    this.#lost = after.size > maxOpen;
    this.#open = after;
    if (before.has('') && after.has('')) {
      this.#follow(line);
      return false;
    }
    this.#raw.clear();
    [this.#tag, this.#item, this.#blank] = [false, 0, true];
    return true;
  }

  /** What may be open behind a line, by what is before it. */
  #next(open: string, line: string): string[] {
    if (open !== '') return [/^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]?.startsWith(open) ? '' : open];
    const [, indent = '', fence] = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
    if (fence === undefined || (this.#item > 0 && indent.length >= this.#item)) return [''];
    return indent === '' && !this.#isHtml ? [fence] : ['', fence];
  }

  #follow(line: string): void {
    const blank = /^[ \t]*$/.test(line);
    const indent = line.startsWith('\t') ? 4 : line.search(/[^ ]|$/);
    if (!blank && (this.#item === 0 || indent < this.#item)) this.#item = this.#itemOf(line);
    this.#tag = !blank && (this.#tag || /^ {0,3}<(?![!?])/.test(line));
    for (const { begins, ends } of raw) {
      const start = begins.exec(line)?.[0].length ?? 0;
      if (start > 0) this.#raw.add(ends);
      if (ends.test(line.slice(start))) this.#raw.delete(ends);
    }
    this.#blank = blank;
  }

  /** Where the text of the item begins that a line begins, if it surely does. */
  #itemOf(line: string): number {
    const [all, marker] = /^([-+*]|\d{1,9}[.)]) {1,4}(?=\S)/.exec(line) ?? [];
    if (all === undefined || marker === undefined || !this.isText || isRule(line)) return 0;
    return this.#blank || this.#item > 0 || /^(?:[-+*]|1[.)])$/.test(marker) ? all.length : 0;
  }
}
