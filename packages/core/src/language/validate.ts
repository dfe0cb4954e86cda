import * as cel from '../expressions/cel.ts';
import type { Catalog } from './catalog.ts';
import type { ValidateOptions, Validation } from './check-document.ts';
import { cronFault } from './cron.ts';
import { checkDocument, readDocument, useCel } from './first-use.ts';

/**
 * Checks a document from end to end and reports all problems at once.
 *
 * @param given - what `parseDocument` read, or a document as a value, which is copied
 * @param catalog - the handlers and types there are; without it, what depends on them is not checked
 * @example
 * ```ts
 * const { problems, document } = validateWorkflow(parseDocument(text), engine.catalog);
 * for (const { line, column, message } of problems) console.error(`${line}:${column} ${message}`);
 * ```
 */
export function validateWorkflow(
  given: unknown,
  catalog?: Catalog,
  options: ValidateOptions = {},
): Validation {
  useCel(cel);
  const read = readDocument(given, options);
  return checkDocument(read, catalog, cronFault, options, !options.stored);
}
