import { distance } from 'fastest-levenshtein';
import { type Add, lineAround } from './edit.ts';

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

/** Misspelt keywords in the line that the parser did not understand, and the one before. */
export function addWords(language: string, text: string, at: number, add: Add): void {
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
