import { scan, skipQuoted } from './scan.ts';

const reference = /step-outputs(?:\.([A-Za-z_][\w-]*)|\[(?:"([^"\\]*)"|'([^'\\]*)')\])((?:\.[\w-]+)*)/y;

/**
 * Rewrites the older `${step-outputs.ID.KEY}` to `${steps["ID"].output["KEY"]}` wherever it stands
 * inside a `${…}`; the same string when there is none.
 *
 * Hyphens belong to ids and keys, as they did in older documents: `step-outputs.a.n-1` reads `n-1`.
 *
 * @param bare - the text is an expression without `${` (`when`, `until`, `foreach`)
 */
export function normaliseStepOutputs(text: string, bare = false): string {
  if (!text.includes('step-outputs')) return text;
  if (bare && !text.includes('${')) return normaliseExpression(text);
  const scanned = scan(text);
  if ('unclosed' in scanned) return text;
  let result = '';
  let at = 0;
  for (const part of scanned.parts) {
    if (!('expression' in part)) continue;
    result += text.slice(at, part.offset) + normaliseExpression(part.expression);
    at = part.offset + part.expression.length;
  }
  return result + text.slice(at);
}

/** The same inside of one expression. */
export function normaliseExpression(text: string): string {
  if (!text.includes('step-outputs')) return text;
  let result = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const behind = skipQuoted(text, at);
    if (behind > at) {
      at = behind - 1;
      continue;
    }
    if (text[at] !== 's' || /[\w.-]/.test(text[at - 1] ?? '')) continue;
    reference.lastIndex = at;
    const match = reference.exec(text);
    if (!match) continue;
    const id = match[1] ?? match[2] ?? match[3] ?? '';
    let length = match[0].length;
    const keys = (match[4] as string).split('.').slice(1);
    // What is called is a method of the value and no key: `step-outputs.a.rows.size()`.
    if (keys.length > 0 && text[at + length] === '(') length -= (keys.pop() as string).length + 1;
    const path = keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `[${JSON.stringify(key)}]`)).join('');
    result += `${text.slice(copied, at)}steps[${JSON.stringify(id)}].output${path}`;
    copied = at + length;
    at = copied - 1;
  }
  return result + text.slice(copied);
}
