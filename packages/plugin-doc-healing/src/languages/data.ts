import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { isAlias, LineCounter, parseAllDocuments } from 'yaml';
import { type Checker, each, failedAt, notChecked, ok, type Verdict } from './verdict.ts';

/** JSON. Parts of an object and several values after each other are fine; comments and `...` as documentation has them too. */
export const checkJson: Checker = each((text) => json(text, false));
/** JSON with comments and trailing commas. */
export const checkJsonc: Checker = each((text) => json(text, true));
export const checkJsonLines: Checker = each((text) => {
  let offset = 0;
  for (const line of text.split('\n')) {
    const verdict = line.trim() === '' ? ok : json(line, false);
    if (verdict.status === 'failed') return failedAt(text, offset + verdict.column - 1, verdict.message);
    offset += line.length + 1;
  }
  return ok;
});

const templated = /\{\{|\{%|<%/;

function json(text: string, relaxed: boolean): Verdict {
  if (text.trim() === '') return ok;
  const shown = hideEllipses(text);
  const commented = relaxed || shown !== text || /^[ \t]*\/[/*]/m.test(text) || /[,{[]\s*\/\//.test(text);
  const errors: ParseError[] = [];
  parse(shown, errors, { allowTrailingComma: commented, disallowComments: false, allowEmptyContent: true });
  const [first] = errors;
  if (!first) return ok;
  if (/^\s*["'][^"'\n]*["']\s*:/.test(shown) && isValid(`{${shown}\n}`, commented)) return ok;
  if (isSequence(shown)) return ok;
  if (/^\s*(?:HTTP\/\d|(?:GET|POST|PUT|PATCH|DELETE) \S)/.test(text)) return notChecked('a message of HTTP');
  if (templated.test(text) || /[[:,]\s*<[A-Za-z][\w .|-]*>\s*(?=[,}\]]|$)/m.test(text))
    return notChecked('a template, not JSON yet');
  return failedAt(text, first.offset, `JSON: ${words(printParseErrorCode(first.error))}`);
}

function isValid(text: string, allowTrailingComma: boolean): boolean {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma });
  return errors.length === 0;
}

/** Several values, each beginning on a line of its own. */
function isSequence(text: string): boolean {
  const parts = text.split(/\n(?=[{[])/).filter((part) => part.trim() !== '');
  return parts.length > 1 && parts.every((part) => isValid(part, false));
}

function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** What is left out becomes blank, with a comma that goes with it. Long runs of blanks or dots are read once. */
function hideEllipses(text: string): string {
  return text
    .replace(/(?:,\s*)?(?:(?<!\.)\.{3,}|…)(?=\s*[}\]])/g, (whole) => whole.replace(/[^\s]/g, ' '))
    .replace(/^[ \t]*(?:\.{3,}|…)\s*(?:,[ \t]*)?$/gm, (whole) => whole.replace(/[^\s]/g, ' '))
    .replace(
      /([[{])(\s*)(\.{3,}|…)(\s*),/g,
      (whole, open: string) => open + whole.slice(1).replace(/[^\s]/g, ' '),
    );
}

/** YAML, one document or several. Texts of a template language are not YAML before they are filled in. */
export const checkYaml: Checker = each((text) => {
  const lines = new LineCounter();
  const shown = text.replace(/^([ \t]+)\.{3}[ \t]*$/gm, (dots) => ' '.repeat(dots.length));
  const documents = parseAllDocuments(shown, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    logLevel: 'silent',
  });
  const list = Array.isArray(documents) ? documents : [];
  for (const { errors, contents } of list) {
    const [error] = errors;
    if (!error || isAlias(contents)) continue;
    if (templated.test(text.replaceAll('${{', ''))) return notChecked('a template, not YAML yet');
    return failedAt(text, error.pos[0], `YAML: ${error.message.split('\n')[0]}`);
  }
  return ok;
});
