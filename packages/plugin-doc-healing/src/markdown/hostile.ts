import { Fences } from './fences.ts';
import { isRule, linesOf } from './lines.ts';

/** Nobody writes deeper than this; the parser gets slow beyond. */
const maxNesting = 30;
/** As long a run of one character as a text may have where the parser looks back for its partner. */
const maxRun = 400;
/** What the parser may have to do, in steps of its own; a second has about as many as each of these allows. */
const most = {
  /** Marks that it looks for partners of, and addresses that are defined: the square of how many a paragraph has. */
  marks: 30_000_000,
  /** Lists and quotes that begin: how many there are around them, and a paragraph's lines in them. */
  nesting: 50_000,
  /** Lists and quotes that go on, line by line. */
  lines: 1_000_000,
  /** Lines, marks, cells, and what may be an address, each for itself. */
  pieces: 50_000,
};

/** Blocks of HTML that end a paragraph and reach to the next blank line: nothing in them is Markdown. */
const html =
  /^ {0,3}<\/?(?:article|aside|blockquote|body|center|details|dialog|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)(?:\s|\/?>|$)/i;
/** What may mean that no such block has begun, or that it ends. */
const noHtml = /-->|\?>|\]\]>|<\/(?:script|pre|style|textarea)>|^\s*(?:`{3}|~{3})/i;

/** Tells whether the parser of Markdown would take longer than a text is worth. Never guesses in favour of the text. */
export function isHostile(text: string): boolean {
  const done = { marks: 0, nesting: 0, lines: 0, pieces: 0 };
  /** Where lists and quotes began that may still be open, and those that surely are. */
  const may: number[] = [];
  const sure: number[] = [];
  let marks = 0;
  let paragraph = 0;
  let before = '';
  let table = false;
  let block: number | undefined;
  let declared = false;
  const fences = new Fences();
  /** A table without a mark at both ends of its rows. */
  let open = false;
  /** As many lines of the paragraph define where links lead, and have nothing to look for partners in. */
  let definitions = 0;

  for (const line of linesOf(text)) {
    const { isText } = fences;
    if (fences.read(line)) {
      if (++done.pieces > most.pieces) return true;
      [block, declared, table, open, before] = [undefined, false, false, false, ''];
      [marks, paragraph, definitions] = [0, 0, 0];
      may.length = 0;
      sure.length = 0;
      continue;
    }
    const { columns, column, rest, first, quoted } = readMarkers(line);
    const blank = rest === '' && quoted;
    const rule = isRule(line);
    if (blank || rule) {
      [block, declared, table, open, before] = [undefined, false, false, false, ''];
      [marks, paragraph, definitions] = [0, 0, 0];
    }
    if (++done.pieces > most.pieces) return true;
    if (isRule(rest)) done.pieces += rest.match(/[-*_][ \t]/g)?.length ?? 0;
    if (rule) continue;
    if (columns.length > 0) {
      const [at] = columns as [number];
      const inside = sure.at(-1) ?? -2;
      // A list begins where it is indented by no more than what it is in, and only its first item ends a paragraph, if there is one; else it may be text.
      const begins =
        rest !== '' &&
        at < inside + 6 &&
        (/^(?:[-+*]|1[.)])$/.test(first) || ((at === inside || paragraph === 0) && first !== '>'));
      if (begins) {
        [marks, paragraph, definitions] = [0, 0, 0];
        for (const each of columns) push(sure, each);
      } else sure.length = 0;
    }
    for (const each of columns) {
      push(may, each);
      done.nesting += may.length;
    }
    if (columns.length === 0 && !blank) {
      while (sure.length > 0 && column < sure.at(-1)! + 2) sure.pop();
      if (paragraph === 0 && column === 0) may.length = 0;
    }
    if (may.length > maxNesting) return true;
    if (!blank && /^ {0,3}#{1,6}\s/.test(line)) marks = 0;

    declared ||= /<![A-Za-z]/.test(line);
    if (block !== undefined && (columns.length > 0 || column < block || noHtml.test(line))) block = undefined;
    if (columns.length === 0 && !declared && !noHtml.test(line) && html.test(line)) block ??= column;
    table =
      block === undefined && rest.startsWith('|') && (table || (paragraph === 1 && isTable(before, line)));
    if (open) open = isRow(line) && columns.length === 0;
    else open = isText && paragraph === 1 && columns.length === 0 && isOpenTable(before, line);
    if (columns.length === 0 && definitions === paragraph && isDefinition(line)) {
      done.marks += 2 * definitions++;
    }
    if (table || open || definitions > paragraph) marks = 0;

    const own = block === undefined ? countMarks(line) : 0;
    if (own === undefined) return true;
    marks += own;
    if (!blank) paragraph++;
    before = columns.length === 0 ? line : '';
    done.marks += marks * marks - (marks - own) * (marks - own);
    done.nesting += may.length > 5 ? may.length * Math.floor(paragraph / 10) : 0;
    done.lines += may.length;
    done.pieces += own + (line.match(/[@&:|]|www/gi)?.length ?? 0);
    if (isTooMuch(done)) return true;
  }
  return false;
}

/** Opens a list or quote at a column, which ends those that began there or behind it. */
function push(open: number[], column: number): void {
  while (open.length > 0 && open.at(-1)! >= column) open.pop();
  open.push(column);
}

function isTooMuch({ marks, nesting, lines, pieces }: typeof most): boolean {
  return marks > most.marks || nesting > most.nesting || lines > most.lines || pieces > most.pieces;
}

/** The lists and quotes that a line begins or goes on with, by their columns, and what comes behind. */
function readMarkers(line: string): {
  columns: number[];
  column: number;
  rest: string;
  first: string;
  quoted: boolean;
} {
  let first = '';
  let quoted = true;
  const columns: number[] = [];
  let column = 0;
  let at = 0;
  const rule = ruleIn(line);
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') column += line[at++] === '\t' ? 4 - (column % 4) : 1;
    const [marker] =
      at >= rule ? [] : (/^(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/.exec(line.slice(at, at + 12)) ?? []);
    if (marker === undefined) return { columns, column, rest: line.slice(at).trimEnd(), first, quoted };
    first ||= marker;
    quoted &&= marker === '>';
    columns.push(column);
    column += marker.length;
    at += marker.length;
  }
}

/** Where the end of a line begins that is a line across the page, in whichever list: no list begins in it. */
function ruleIn(line: string): number {
  const end = line.trimEnd();
  const mark = end.at(-1);
  if (mark !== '-' && mark !== '*') return line.length;
  let count = 0;
  let first = end.length;
  for (let at = end.length - 1; at >= 0 && (end[at] === mark || end[at] === ' ' || end[at] === '\t'); at--)
    if (end[at] === mark) [count, first] = [count + 1, at];
  return count < 3 ? line.length : first;
}

/** Marks of a line; undefined for a run that nobody writes. */
function countMarks(line: string): number | undefined {
  let run = 0;
  let last = '';
  let marks = 0;
  for (const character of line) {
    run = character === last && '[]*_`<>!(&~|'.includes(character) ? run + 1 : 0;
    last = character;
    if ('*_[]~`<!'.includes(character)) marks++;
    if (run > maxRun) return undefined;
  }
  return marks;
}

function isTable(head: string, line: string): boolean {
  const shape = /^ {0,3}\|(?:\s*:?-+:?\s*\|?)+$/;
  return (
    shape.test(line) && /^ {0,3}\|/.test(head) && cellsOf(head) === cellsOf(line) && ends(head) === ends(line)
  );
}

/** One whose rows neither begin nor end with `|`, in no list. */
function isOpenTable(head: string, line: string): boolean {
  const shape = /^:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+$/;
  return shape.test(line) && isRow(head) && !ends(head) && cellsOf(head) === cellsOf(line);
}

/** Tells whether a line surely goes on with such a table. */
function isRow(line: string): boolean {
  return /^(?!#|>|~|<|`{3}|\[\^|\|)\S/.test(line) && cellsOf(line) > 0;
}

/** A line that says where links lead, and nothing else. */
function isDefinition(line: string): boolean {
  return /^ {0,3}\[(?!\^)[^[\]\\]{0,500}[^[\]\\\s]\]:[ \t]*[^\s<>()\\]+[ \t]*$/.test(line);
}

function cellsOf(line: string): number {
  return line.match(/\\[\\|]|\|/g)?.filter((each) => each === '|').length ?? 0;
}

function ends(line: string): boolean {
  return /(?:^|[^\\])\|\s*$/.test(line);
}
