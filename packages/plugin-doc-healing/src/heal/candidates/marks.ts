import { type Add, boundaries, lineAround } from './edit.ts';

/** Commas, colons and the like that are missing or one too many near the place. */
export function addMarks(language: string, text: string, at: number, add: Add): void {
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
