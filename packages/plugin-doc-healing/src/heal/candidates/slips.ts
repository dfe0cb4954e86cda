import { type Add, boundaries, lineAround } from './edit.ts';

const slips: Readonly<Record<string, (text: string, at: number, add: Add) => void>> = {
  json,
  jsonc: json,
  yaml,
  python,
  html,
  shell,
};

/** The slips that a language has of its own, and quotes that a word processor made. */
export function addSlips(language: string, text: string, at: number, add: Add): void {
  const straight = text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
  if (straight !== text) add(0, text.length, straight, 0.5, 'typographic quotes');
  if (Object.hasOwn(slips, language)) slips[language]!(text, at, add);
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
