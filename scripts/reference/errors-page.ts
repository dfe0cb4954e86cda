import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statuses } from '../../packages/api/src/app/statuses.ts';
import { errorCodes, problemCodes } from '../../packages/core/src/index.ts';
import { apiErrors, cliErrors, errorAdvice, problemAdvice } from './advice.ts';
import { cell, table } from './markdown.ts';

const introduction = `# Errors

Every error has a \`code\`, which is stable within a major version, and a \`message\` for people, which is not. Programs go by the code:
\`hasCode(error, 'REV_CONFLICT')\`. \`details\` is data, \`cause\` another error, and \`retryable: false\` means that another attempt cannot help. The API
answers with \`{"error": {"code", "message", "details"}}\` and the status named here; a code without one is answered with 500.`;

/** Where the codes of handlers are documented, each with a table `code | meaning | worth another attempt`. */
export const handlerPages: readonly string[] = ['plugins', 'plugin-wasm', 'plugin-doc-healing'];

/** The text of docs/reference/errors.md. */
export function errorsPage(): string {
  const core = Object.entries(errorCodes).map(([code, meaning]) => [
    `\`${code}\``,
    String(statuses[code] ?? ''),
    cell(meaning),
    cell(errorAdvice[code as keyof typeof errorAdvice]),
  ]);
  const problems = Object.entries(problemCodes).map(([code, meaning]) => [
    `\`${code}\``,
    cell(meaning),
    cell(problemAdvice[code as keyof typeof problemAdvice]),
  ]);
  return `${[
    introduction,
    '## Everywhere',
    table(['code', 'status', 'meaning', 'what to do'], core),
    '## Problems of documents and parameters',
    'They are the `details` of `DOCUMENT_INVALID` and `PARAMETERS_INVALID`, all at once, with `path`, `line`, `column` and perhaps `suggestion`.',
    table(['code', 'meaning', 'what to do'], problems),
    '## The service and its client',
    table(['code', 'status', 'meaning', 'what to do'], own(apiErrors, true)),
    '## The command',
    table(['code', 'meaning', 'what to do'], own(cliErrors, false)),
    '## Handlers',
    'A step that fails with one of these can be retried (`retry: { on: [CODE] }`) or handled (`dependencies: ["step:error"]`). `retry` makes no other attempt\nafter one that is not worth it, whatever `on` lists.',
    ...handlerPages.flatMap((name) => [
      `### @vwmp/${name}`,
      table(
        ['code', 'meaning', 'worth another attempt'],
        handlerCodes(name).map(([code, ...rest]) => [`\`${code}\``, ...rest]),
      ),
    ]),
  ].join('\n\n')}\n`;
}

function own(errors: typeof apiErrors, withStatus: boolean): string[][] {
  return Object.entries(errors).map(([code, [meaning, advice]]) => [
    `\`${code}\``,
    ...(withStatus ? [String(statuses[code] ?? '')] : []),
    cell(meaning),
    cell(advice),
  ]);
}

/** The table of the README of a plugin. */
export function handlerCodes(name: string): [code: string, meaning: string, retryable: string][] {
  const page = readFileSync(join(import.meta.dirname, '../../packages', name, 'README.md'), 'utf8');
  const rows = page.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \| ([^|]+?) \| ([^|]+?) \|$/gm);
  return [...rows].map(([, code, meaning, retryable]) => [code!, meaning!, retryable!]);
}

/** All that the page has. */
export function documentedCodes(): Set<string> {
  return new Set([
    ...[errorCodes, problemCodes, apiErrors, cliErrors].flatMap((each) => Object.keys(each)),
    ...handlerPages.flatMap((name) => handlerCodes(name).map(([code]) => code)),
  ]);
}
