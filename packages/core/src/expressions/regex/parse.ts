import { Failure, quote } from '../failure.ts';
import { type Assertion, assemble, type CodePointTest, type Instruction, type Tree } from './program.ts';

/** `i`, `m` and `s`, as `(?i)` or `(?i:…)` set them. */
type Flags = string;

const MAX_LENGTH = 1_000;
const MAX_REPEAT = 1_000;
const MAX_DEPTH = 50;

/**
 * Compiles a pattern of the RE2 kind: everything of JavaScript's regular expressions but what only
 * backtracking can do (`\1`, lookahead and lookbehind), plus `(?i)`, `(?m)`, `(?s)`.
 */
export function compilePattern(pattern: string): readonly Instruction[] {
  if (pattern.length > MAX_LENGTH) throw invalid(pattern, `is longer than ${MAX_LENGTH} characters`);
  return assemble(new PatternParser(pattern).parse(), pattern);
}

function invalid(pattern: string, why: string): Failure {
  return new Failure(`the regular expression ${quote(pattern)} ${why}`);
}

class PatternParser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): Tree {
    const tree = this.#alternatives('');
    if (this.#at < this.#pattern.length) throw invalid(this.#pattern, 'closes a group that is not open');
    return tree;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#pattern);
    if (match) this.#at += match[0].length;
    return match;
  }

  #alternatives(outer: Flags): Tree {
    if (++this.#depth > MAX_DEPTH) throw invalid(this.#pattern, 'is nested too deeply');
    let flags = outer;
    const options: Tree[] = [];
    let sequence: Tree[] = [];
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== ')') {
      const set = this.#take(/\(\?([ims]*)(?:-([ims]+))?\)/y);
      if (set) flags = change(flags, set[1], set[2]);
      else if (this.#take(/\|/y)) {
        options.push({ op: 'all', of: sequence });
        sequence = [];
      } else sequence.push(this.#repeated(this.#atom(flags)));
    }
    this.#depth--;
    options.push({ op: 'all', of: sequence });
    return options.length === 1 ? (options[0] as Tree) : { op: 'any', of: options };
  }

  #repeated(atom: Tree): Tree {
    // Lazy and greedy differ in where a match ends, not in whether there is one.
    const found = this.#take(/(?:([*+?])|\{(\d+)(,(\d*))?\})\??/y);
    if (!found) return atom;
    if (this.#take(/[*+?]/y)) throw invalid(this.#pattern, 'repeats a repetition');
    const [, sign, low, range, high] = found;
    const min = sign ? (sign === '+' ? 1 : 0) : Number(low);
    const max = sign ? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) : range ? bound(high) : min;
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY) || max < min) {
      throw invalid(this.#pattern, `repeats more than ${MAX_REPEAT} times or less than it must`);
    }
    return { op: 'repeat', of: atom, min, max };
  }

  #atom(flags: Flags): Tree {
    if (this.#take(/\(/y)) return this.#group(flags);
    if (this.#take(/\^/y)) return assertion(flags.includes('m') ? 'lineStart' : 'start');
    if (this.#take(/\$/y)) return assertion(flags.includes('m') ? 'lineEnd' : 'end');
    if (this.#take(/\\A/y)) return assertion('start');
    if (this.#take(/\\z/y)) return assertion('end');
    if (this.#take(/\\b/y)) return assertion('word');
    if (this.#take(/\\B/y)) return assertion('notWord');
    if (/[*+?]/.test(this.#pattern[this.#at] as string)) throw invalid(this.#pattern, 'repeats nothing');
    if (this.#take(/\\(?:[1-9]|k<)/y))
      throw invalid(this.#pattern, 'uses a back reference, which is not supported');
    if (this.#take(/\[(?=(?:\\[\s\S]|[^\]\\])*\[:)/y))
      throw invalid(this.#pattern, 'uses a [:class:]; write \\d, \\w or \\p{…}');
    const one = this.#take(
      /\[\^?(?:\\[\s\S]|[^\]\\])*\]|\\[pP](?:\{\w+(?:=\w+)?\}|\w)|\\u\{\w+\}|\\u\w{4}|\\x\w{2}|\\c\w|\\[\s\S]|[^\\]/uy,
    );
    if (!one || one[0] === '[') throw invalid(this.#pattern, 'is not complete');
    return { op: 'char', test: this.#tester(one[0], flags) };
  }

  #group(flags: Flags): Tree {
    if (this.#take(/\?<?[=!]/y))
      throw invalid(this.#pattern, 'looks ahead or behind, which is not supported');
    const start = this.#take(/\?(?:P?<\w+>|([ims]*)(?:-([ims]+))?:)|(?!\?)/y);
    if (!start) throw invalid(this.#pattern, 'has an unknown kind of group');
    const tree = this.#alternatives(change(flags, start[1], start[2]));
    if (!this.#take(/\)/y)) throw invalid(this.#pattern, 'has a group that is not closed');
    return tree;
  }

  /** One character's worth of pattern is left to the platform: on a single code point it cannot backtrack. */
  #tester(source: string, flags: Flags): CodePointTest {
    const options = flags.replace('m', '');
    const short = source.replace(/^\\([pP])(\w)$/, '\\$1{$2}');
    let regExp: RegExp;
    try {
      regExp = new RegExp(`^(?:${short})$`, `u${options}`);
    } catch {
      try {
        // "\-" and "\_" are escapes of nothing, which only the older mode allows.
        regExp = new RegExp(`^(?:${short})$`, options);
      } catch {
        throw invalid(this.#pattern, `has the invalid part ${quote(source)}`);
      }
    }
    return remembered((codePoint) => regExp.test(String.fromCodePoint(codePoint)));
  }
}

function bound(high: string | undefined): number {
  return high ? Number(high) : Number.POSITIVE_INFINITY;
}

function change(flags: Flags, on = '', off = ''): Flags {
  return [...'ims']
    .filter((flag) => (on.includes(flag) || flags.includes(flag)) && !off.includes(flag))
    .join('');
}

function assertion(what: Assertion): Tree {
  return { op: 'assert', what };
}

/** Keeps the answers for ASCII, which is nearly everything that is asked. */
function remembered(test: CodePointTest): CodePointTest {
  const known = new Int8Array(128);
  return (codePoint) => {
    if (codePoint >= 128) return test(codePoint);
    if (known[codePoint] === 0) known[codePoint] = test(codePoint) ? 1 : -1;
    return known[codePoint] === 1;
  };
}
