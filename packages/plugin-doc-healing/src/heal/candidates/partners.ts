import { closingOf, mannerOf, openingOf, unpaired } from '../brackets.ts';
import { type Add, boundaries, lineAround } from './edit.ts';

/** Brackets and quotes without partner get one, or go. */
export function addPartners(language: string, text: string, at: number, add: Add): void {
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
