import { distance } from 'fastest-levenshtein';
import { closingOf, mannerOf, openingOf, unpaired } from './brackets.ts';

/** An edited text that may be right, with what it costs to believe in it. */
export interface Candidate {
  readonly text: string;
  readonly cost: number;
  readonly what: string;
}

const keywords: Readonly<Record<string, string>> = {
  javascript:
    'const let var function async await return import export default from class extends new if else for while of in try catch finally throw switch case break continue typeof instanceof yield static',
  typescript:
    'const let var function async await return import export default from class extends implements interface type enum new if else for while of in try catch finally throw switch case break continue typeof instanceof readonly declare',
  python:
    'def class import from return if elif else for while in not and or try except finally raise with as lambda pass yield async await',
  shell: 'if then else elif fi for while until do done case esac in function export',
  sql: 'select from where insert into values update set delete create table index alter drop join left right inner outer on group by order having limit offset primary key not null unique references default and or as distinct union all',
  rust: 'fn let mut pub struct enum impl trait use mod match if else for while loop return async await move',
  go: 'func var const type struct interface map package import return if else for range switch case default go defer chan',
};

const limit = 900;

/**
 * Small edits around the place where a parser gave up, the likeliest first: what has no partner gets one, what is one too many goes,
 * misspelt keywords are corrected, and the slips that each language has of its own. Whether any is right the parser says.
 */
export function candidatesFor(language: string, text: string, offset: number): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (start: number, end: number, put: string, cost: number, what: string): void => {
    const edited = text.slice(0, start) + put + text.slice(end);
    if (edited !== text && (found.get(edited)?.cost ?? Number.POSITIVE_INFINITY) > cost)
      found.set(edited, { text: edited, cost, what });
  };
  const at = Math.max(0, Math.min(offset, text.length));
  addPartners(language, text, at, add);
  addWords(language, text, at, add);
  addMarks(language, text, at, add);
  addOwn(language, text, at, add);
  return [...found.values()].sort((a, b) => a.cost - b.cost).slice(0, limit);
}

type Add = (start: number, end: number, put: string, cost: number, what: string) => void;

function lineAround(text: string, at: number): { start: number; end: number } {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end < 0 ? text.length : end };
}

/** Where words and marks of a part of a text begin and end. */
function boundaries(text: string, start: number, end: number): number[] {
  const places: number[] = [];
  for (let at = start; at <= end && places.length < 200; at++) {
    const [before, after] = [text[at - 1] ?? '\n', text[at] ?? '\n'];
    if (/\w/.test(before) !== /\w/.test(after) || !/[\w\s]/.test(before) || !/[\w\s]/.test(after))
      places.push(at);
  }
  return places;
}

function addPartners(language: string, text: string, at: number, add: Add): void {
  const manner = mannerOf(language);
  if (!manner) return;
  if (manner.long.length > 1) addOddQuotes(text, at, manner.quotes, add);
  const lonely = unpaired(text, manner);
  for (const { token, at: place, kind } of lonely.slice(0, 6)) {
    const { start, end } = lineAround(text, place);
    if (kind === 'quote') {
      for (const spot of boundaries(text, start, end)) {
        const [before, after] = [text[spot - 1] ?? '\n', text[spot] ?? '\n'];
        const ending = spot > place && /[^\s,([{]/.test(before) && /[\s,;)\]}:]/.test(after);
        const beginning = spot <= place && /[\s(,[{:=]/.test(before) && /[^\s,)\]}]/.test(after);
        const last = ending && /^[\s)\]},;]*$/.test(text.slice(spot, end));
        const earlier = spot <= place && /[\w}\])]/.test(before) && /[,;)\]}\s]/.test(after);
        const cost = last
          ? 0.6
          : beginning
            ? 1 + (place - spot) / 200
            : ending || earlier
              ? 1.2 + Math.abs(spot - place) / 200
              : 3;
        add(spot, spot, token, cost, `a missing ${token}`);
      }
      addLonely(text, place, token, add);
    } else if (kind === 'opened') addClosing(text, place, closingOf(token), at, add);
    else {
      addOpening(text, place, openingOf(token), start, add);
      addCall(text, at, place, openingOf(token), add);
    }
  }
}

/** A quote with nothing before or after it is one too many rather than one of two. */
function addLonely(text: string, place: number, token: string, add: Add): void {
  const [before, after] = [text[place - 1] ?? '\n', text[place + 1] ?? '\n'];
  const alone = /\s/.test(before) && /\s/.test(after);
  add(place, place + 1, '', alone ? 0.35 : 2.5, `a ${token} too many`);
  if (alone && before === ' ') add(place - 1, place + 1, '', 0.3, `a ${token} too many`);
}

/** Where quotes may go over lines, the one without partner is in a line with an odd number of them. */
function addOddQuotes(text: string, at: number, quotes: string, add: Add): void {
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    for (const quote of quotes) {
      const spots = [...line].flatMap((character, index) => (character === quote ? [index] : []));
      const apostrophes = spots.filter(
        (index) => /\w/.test(line[index - 1] ?? '') && /\w/.test(line[index + 1] ?? ''),
      );
      if ((spots.length - (quote === "'" ? apostrophes.length : 0)) % 2 === 0) continue;
      const far = Math.abs(at - start) > 200 ? 0.3 : 0;
      for (const spot of boundaries(text, start, end)) {
        const [before, after] = [text[spot - 1] ?? '\n', text[spot] ?? '\n'];
        const opens = /[\s(,[{=]/.test(before) && /[^\s,)\]}:]/.test(after) && after !== quote;
        const closes = /[^\s,([{:=]/.test(before) && /[\s,;)\]}:]/.test(after) && before !== quote;
        const value = closes && /^\s*(?:$|[,}\]])/.test(text.slice(spot, end));
        if (opens || closes)
          add(spot, spot, quote, (value ? 0.8 : closes ? 1.2 : 1.1) + far, `a missing ${quote}`);
      }
      for (const index of spots.slice(-2)) addLonely(text, start + index, quote, add);
    }
    start = end + 1;
  }
}

function addClosing(text: string, place: number, token: string, at: number, add: Add): void {
  const what = `a missing ${token}`;
  const { start, end } = lineAround(text, place);
  const indent = /^\s*/.exec(text.slice(start, end))![0];
  // Behind the last word before the parser gave up.
  const before = text.slice(0, at).trimEnd().length;
  if (before > place) add(before, before, token, 1, what);
  if (at > place) add(at, at, token, 1.1, what);
  const opensBlock = text.slice(place + 1, end).trim() === '';
  // Lines after it that are not further in than the line that opened it.
  for (let line = end + 1, count = 0; line <= text.length && count < 60; count++) {
    const next = lineAround(text, line);
    const content = text.slice(next.start, next.end);
    const depth = /^\s*/.exec(content)![0].length;
    if (content.trim() === '' && next.end === next.start && opensBlock)
      add(next.start, next.end, indent + token, 0.9 + count / 100, what);
    else if (content.trim() !== '' && depth <= indent.length) {
      const first = next.start + depth;
      add(first, first, token, (/^[)\]};,]/.test(content.trim()) ? 0.5 : 1.4) + (opensBlock ? 0 : 0.6), what);
      add(next.start, next.start, `${indent}${token}\n`, opensBlock ? 1.3 : 2.2, what);
      break;
    } else if (content.trim() !== '')
      add(
        next.start + content.trimEnd().length,
        next.start + content.trimEnd().length,
        token,
        2 + count / 20,
        what,
      );
    if (next.end >= text.length) break;
    line = next.end + 1;
  }
  for (const spot of boundaries(text, place + 1, end)) {
    const rest = text.slice(spot, end);
    const torn = /^[ \t]+[,;)\]}]/.test(rest);
    if (torn) add(spot + rest.search(/\S/), spot + rest.search(/\S/), token, 0.5, what);
    const outer = /^\s*(?:\{|=>|;|,?\s*$|\.|\/\/|#)/.test(rest) ? 0.8 : /^[\s,;)\]}]/.test(rest) ? 1.6 : 3;
    add(
      spot,
      spot,
      token,
      outer +
        (opensBlock ? 1.5 : 0) +
        (rest.trim() === '' && /[;,]$/.test(text.slice(0, spot).trimEnd()) ? 1 : 0),
      what,
    );
  }
  if (opensBlock) add(text.length, text.length, `\n${indent}${token}`, 1.2, what);
  add(place, place + 1, '', 2.6, `a ${text[place]} too many`);
}

/** A call whose bracket is missing in the line that was not understood, where its partner comes lines later. */
function addCall(text: string, at: number, place: number, token: string, add: Add): void {
  const { start, end } = lineAround(text, at);
  if (end >= place || token === '{') return;
  for (const spot of boundaries(text, start, end)) {
    const [before, after] = [text[spot - 1] ?? '\n', text[spot] ?? '\n'];
    const opens =
      token === '('
        ? /[\w\])]/.test(before) && /["'`{[\w]/.test(after)
        : /[=(:,[]\s?$/.test(text.slice(start, spot));
    if (opens) add(spot, spot, token, 0.9 + Math.abs(spot - at) / 200, `a missing ${token}`);
  }
}

function addOpening(text: string, place: number, token: string, start: number, add: Add): void {
  const what = `a missing ${token}`;
  for (const spot of boundaries(text, start, place)) {
    const [before, after] = [text[spot - 1] ?? '\n', text[spot] ?? '\n'];
    const call = token === '(' && /[\w\]]/.test(before) && /[^\w\s]|\w/.test(after);
    const head = token !== '(' && /[\s=(:,]/.test(before) && /\S/.test(after);
    const near = (place - spot) / 100;
    const keyword =
      token === '(' && /\b(?:if|for|while|switch|catch)\s$/.test(text.slice(Math.max(0, spot - 8), spot));
    const first = token !== '(' && /[=(:[]\s*$/.test(text.slice(start, spot)) && /\S/.test(after);
    add(spot, spot, token, keyword ? 0.6 : first ? 0.8 : (call || head ? 1 : 2.4) + near, what);
  }
  // A block whose beginning stood at the end of an earlier line.
  let end = start - 1;
  for (let lines = 0; token !== '(' && end > 0 && lines < 40; lines++) {
    const line = lineAround(text, end);
    const content = text.slice(line.start, line.end).trimEnd();
    const spot = line.start + content.length;
    // An object or list that is the first argument.
    const first = /[([]$/.test(content) ? 0.4 : 0;
    const opens = /(?:\)|=>|else|try|finally|=|:|[(,[]|\b(?:class|interface|enum)\b.*)$/.test(content);
    if (content !== '')
      add(
        spot,
        spot,
        /[([{]$/.test(content) ? token : ` ${token}`,
        (opens ? 0.9 - first : 2.8) + lines / 50,
        what,
      );
    if (content !== '' && text[spot] === ' ')
      add(spot + 1, spot + 1, token, (opens ? 0.8 - first : 2.7) + lines / 50, what);
    end = line.start - 1;
  }
  add(place, place + 1, '', 2, `a ${text[place]} too many`);
}

/** Misspelt keywords in the line that the parser did not understand, and the one before. */
function addWords(language: string, text: string, at: number, add: Add): void {
  const known = (Object.hasOwn(keywords, language) ? keywords[language]! : '')
    .split(' ')
    .filter((word) => word !== '');
  if (known.length === 0) return;
  const here = lineAround(text, at);
  const first = here.start > 0 ? lineAround(text, here.start - 1).start : here.start;
  for (const match of text.slice(first, here.end).matchAll(/[A-Za-z]{2,}/g)) {
    const word = match[0];
    const lower = word.toLowerCase();
    if (known.includes(language === 'sql' ? lower : word)) continue;
    const place = first + match.index;
    for (const keyword of known) {
      const off = distance(lower, keyword);
      const swapped = [...lower].sort().join('') === [...keyword].sort().join('');
      if (off > 2 || (off === 2 && !swapped) || keyword.length < 2) continue;
      const put = word === word.toUpperCase() ? keyword.toUpperCase() : keyword;
      const far = Math.abs(place - at) / 400;
      add(place, place + word.length, put, (swapped ? 0.4 : 0.7) + far, `"${word}" for "${put}"`);
    }
  }
}

/** Commas, colons and the like that are missing or one too many near the place. */
function addMarks(language: string, text: string, at: number, add: Add): void {
  const here = lineAround(text, at);
  const before = text.slice(0, at).trimEnd().length;
  // In YAML, commas are between brackets only, and behind a colon is a blank.
  const flow = language !== 'yaml' || /[[{]/.test(text.slice(0, here.end));
  const tokens =
    language === 'python' || language === 'yaml'
      ? [':', ','].filter((token) => flow || token !== ',')
      : [',', ':', ';', '=', '=>', '>', '.', '+'];
  for (const token of tokens) {
    const likely = token === ',' ? 1 : token === ':' ? 1.2 : 1.6;
    add(before, before, token, likely, `a missing ${token}`);
    add(before, before, ` ${token}`, likely + 0.5, `a missing ${token}`);
    if (language !== 'yaml' || token !== ':' || /\s/.test(text[at] ?? ' '))
      add(at, at, token, likely + 0.4, `a missing ${token}`);
    if (token.length === 1 && token !== '.') {
      const end = here.start + text.slice(here.start, here.end).trimEnd().length;
      add(end, end, token, likely + 0.6, `a missing ${token}`);
    }
  }
  for (const spot of boundaries(text, here.start, here.end)) {
    if (text[spot] === ' ' || text[spot - 1] === ' ') {
      add(spot, spot, ',', 2.2 + Math.abs(spot - at) / 100, 'a missing ,');
      add(spot, spot, ':', 2.4 + Math.abs(spot - at) / 100, 'a missing :');
      if (language !== 'yaml') add(spot, spot, '=', 2.6 + Math.abs(spot - at) / 100, 'a missing =');
      if (/script$/.test(language)) add(spot, spot, '=>', 2.5 + Math.abs(spot - at) / 100, 'a missing =>');
    }
  }
  for (const place of [before - 1, at]) {
    const character = text[place];
    if (character !== undefined && /[^\w\s]/.test(character))
      add(place, place + 1, '', character === ',' ? 1.1 : 1.9, `a ${character} too many`);
  }
}

const own: Readonly<Record<string, (text: string, at: number, add: Add) => void>> = {
  json: json,
  jsonc: json,
  yaml: yaml,
  python: python,
  html: html,
  shell: shell,
};

function addOwn(language: string, text: string, at: number, add: Add): void {
  const straight = text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
  if (straight !== text) add(0, text.length, straight, 0.5, 'typographic quotes');
  if (Object.hasOwn(own, language)) own[language]!(text, at, add);
}

function json(text: string, at: number, add: Add): void {
  const whole = (put: string, cost: number, what: string): void => add(0, text.length, put, cost, what);
  whole(text.replace(/,(\s*[}\]])/g, '$1'), 0.3, 'a comma at the end of a list');
  const quoted = text.replace(/'([^'"\n]*)'/g, '"$1"');
  whole(quoted, 0.4, 'single quotes');
  const keyed = text.replace(/([{,]\s*)([A-Za-z_$][\w$-]*)(\s*:)/g, '$1"$2"$3');
  whole(keyed, 0.45, 'a key without quotes');
  whole(
    quoted.replace(/([{,]\s*)([A-Za-z_$][\w$-]*)(\s*:)/g, '$1"$2"$3').replace(/,(\s*[}\]])/g, '$1'),
    0.6,
    'JavaScript, not JSON',
  );
  whole(
    text
      .replace(/\bTrue\b/g, 'true')
      .replace(/\bFalse\b/g, 'false')
      .replace(/\bNone\b/g, 'null'),
    0.6,
    'words of Python',
  );
  // Values on lines of their own, with nothing between them.
  whole(text.replace(/(["\d\]}el])([ \t]*\n\s*")/g, '$1,$2'), 0.5, 'a missing comma');
  const before = text.slice(0, at).trimEnd().length;
  add(before, before, ',', 0.7, 'a missing comma');
}

function yaml(text: string, at: number, add: Add): void {
  const whole = (put: string, cost: number, what: string): void => add(0, text.length, put, cost, what);
  for (const [spaces, cost] of [
    ['  ', 0.3],
    ['    ', 0.5],
    ['', 0.9],
  ] as const) {
    whole(
      text.replace(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', spaces)),
      cost,
      'tabs',
    );
  }
  whole(text.replace(/^([ \t]*(?:- )?[\w.-]+):(?=[^\s/:])/gm, '$1: '), 0.4, 'no blank behind a colon');
  whole(text.replace(/^([ \t]*)-(?=[^\s-])/gm, '$1- '), 0.5, 'no blank behind a dash');
  const { start, end } = lineAround(text, at);
  const previous = start > 0 ? lineAround(text, start - 1) : { start, end };
  const next = end < text.length ? lineAround(text, end + 1) : { start, end };
  for (const line of [{ start, end }, previous, next]) {
    const content = text.slice(line.start, line.end);
    const [, head, value] = /^(\s*(?:- )?[\w."'-]+:\s+)(\S.*)$/.exec(content) ?? [];
    if (head !== undefined && value !== undefined && !/^["']/.test(value)) {
      const from = line.start + head.length;
      add(from, line.end, `"${value.replaceAll('"', '\\"')}"`, 1.8, 'a value that needs quotes');
    }
    // As far in as a neighbour.
    for (const neighbour of [previous, next, { start, end }]) {
      const depth = /^[ ]*(?:- )?/.exec(text.slice(neighbour.start, neighbour.end))![0].length;
      for (const want of new Set([depth, depth + 2, Math.max(0, depth - 2)])) {
        const own = /^\s*/.exec(content)![0].length;
        if (own !== want)
          add(
            line.start,
            line.start + own,
            ' '.repeat(want),
            1.5 + Math.abs(own - want) / 10,
            'a line that is indented wrongly',
          );
      }
    }
    const [, key] = /^(\s*(?:- )?[\w.-]+)\s+(?=\S)/.exec(content) ?? [];
    if (key !== undefined) add(line.start + key.length, line.start + key.length, ':', 0.8, 'a missing colon');
    const bare = content.trimEnd();
    if (/^\s*(?:- )?[\w.-]+$/.test(bare))
      add(line.start + bare.length, line.start + bare.length, ':', 0.8, 'a missing colon');
  }
}

function python(text: string, at: number, add: Add): void {
  const whole = (put: string, cost: number, what: string): void => add(0, text.length, put, cost, what);
  whole(
    text.replace(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', '    ')),
    0.4,
    'tabs',
  );
  const heads =
    /^([ \t]*(?:def|class|if|elif|else|for|while|try|except|finally|with|async)\b[^\n]*[^\s:,([{\\])[ \t]*$/gm;
  whole(text.replace(heads, '$1:'), 0.3, 'a missing colon');
  whole(text.replace(/^([ \t]*)print (["'f].*)$/gm, '$1print($2)'), 0.5, 'print of Python 2');
  const { start, end } = lineAround(text, at);
  const previous = start > 0 ? lineAround(text, start - 1) : { start, end };
  const depth = /^\s*/.exec(text.slice(previous.start, previous.end))![0].length;
  const deep = /^\s*/.exec(text.slice(start, end))![0].length;
  for (const want of [depth, depth + 4, depth + 2])
    add(start, start + deep, ' '.repeat(want), 1.2, 'a line that is indented wrongly');
}

function html(text: string, at: number, add: Add): void {
  const stack: { name: string; start: number; end: number }[] = [];
  const none = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|!doctype)$/i;
  for (const match of text.matchAll(/<(\/?)([A-Za-z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)(>?)/g)) {
    const [whole, slash, name, attributes, end] = match;
    const place = match.index + whole.length;
    if (end === '')
      add(
        match.index + whole.trimEnd().length,
        match.index + whole.trimEnd().length,
        '>',
        0.5,
        'a missing >',
      );
    if (slash === '/') {
      const open = stack.findLastIndex((each) => each.name === name);
      if (open >= 0) {
        // What was opened since has no end.
        for (const each of stack.splice(open).slice(1)) {
          const before = text.slice(0, match.index).trimEnd().length;
          add(before, before, `</${each.name}>`, 1.1, `<${each.name}> without its end`);
        }
      }
    } else if (!none.test(name!) && !attributes!.endsWith('/'))
      stack.push({ name: name!, start: match.index, end: place });
  }
  for (const { name, start, end } of stack) {
    const line = lineAround(text, end);
    const last = line.start + text.slice(line.start, line.end).trimEnd().length;
    add(last, last, `</${name}>`, last > end ? 0.7 : 1.6, `<${name}> without its end`);
    const indent = /^\s*/.exec(text.slice(lineAround(text, start).start))![0];
    add(text.length, text.length, `\n${indent}</${name}>`, 1.3, `<${name}> without its end`);
    const depth = indent.replace(/^\n+/, '').length;
    for (let at = line.end + 1, count = 0; at < text.length && count < 50; count++) {
      const next = lineAround(text, at);
      const content = text.slice(next.start, next.end);
      if (content.trim() === '' && next.start === next.end)
        add(next.start, next.end, `${indent}</${name}>`, 1, `<${name}> without its end`);
      else if (content.trim() !== '' && /^\s*/.exec(content)![0].length <= depth) {
        add(next.start, next.start, `${indent}</${name}>\n`, 1.2, `<${name}> without its end`);
        break;
      }
      at = next.end + 1;
    }
  }
  const { start, end } = lineAround(text, at);
  for (const spot of boundaries(text, start, end))
    for (const token of ['"', "'", '>', '=', '<']) {
      const fits =
        token === '"'
          ? /["\w/]/.test(text[spot - 1] ?? '') && /[\s>/]/.test(text[spot] ?? '')
          : token === '>';
      add(spot, spot, token, (fits ? 1.4 : 2.5) + Math.abs(spot - at) / 200, `a missing ${token}`);
    }
}

function shell(text: string, at: number, add: Add): void {
  const { start, end } = lineAround(text, at);
  for (const [line, close] of [
    [/^[ \t]*(?:for|while|until)\b/m, 'done'],
    [/^[ \t]*if\b/m, 'fi'],
    [/^[ \t]*case\b/m, 'esac'],
  ] as const) {
    const opened = line.exec(text);
    if (!opened) continue;
    const indent = /^[ \t]*/.exec(opened[0])![0];
    add(text.length, text.length, `\n${indent}${close}`, 0.9, `a missing ${close}`);
    for (const blank of text.matchAll(/^$/gm))
      add(blank.index, blank.index, indent + close, 0.8, `a missing ${close}`);
  }
  const content = text.slice(start, end);
  for (const [head, word] of [
    [/^\s*(?:for|while|until)\b.*$/, 'do'],
    [/^\s*(?:el)?if\b.*$/, 'then'],
  ] as const) {
    for (const match of text.matchAll(new RegExp(head.source, 'gm'))) {
      const stop = match.index + match[0].trimEnd().length;
      if (!new RegExp(`\\b${word}$`).test(match[0].trimEnd())) {
        add(stop, stop, `${match[0].trimEnd().endsWith(';') ? '' : ';'} ${word}`, 0.7, `a missing ${word}`);
      }
    }
  }
  const last = start + content.trimEnd().length;
  for (const token of ['"', "'", ')', '}', '`', ' ]', ' ]]'])
    add(last, last, token, 1.5, `a missing ${token.trim()}`);
}
