import { defaultLimits, type Limits } from '../limits.ts';
import { isSource, type Source } from '../source.ts';
import { applyEdit, readText } from './apply.ts';
import type { Edit } from './change.ts';

/**
 * Applies edits to the text of a document. Comments, order, quoting, anchors and line endings stay, and
 * every line that an edit does not touch stays identical; JSON stays JSON.
 *
 * A change of a mapping or list is broken down to what differs in it. Aliases of what is changed
 * are written out, so that their places keep their values.
 *
 * @param source - a text, or what was read from one; edits apply one after the other
 * @returns the new text; it reads as exactly the document that the edits describe
 * @throws DOCUMENT_SYNTAX when the text cannot be read, NOT_FOUND when a path or step is not there
 * @example
 * ```ts
 * editDocument(text, [{ set: 'steps.load.config.url', value: 'https://example.test' }]);
 * ```
 */
export function editDocument(
  source: Source | string,
  edits: readonly Edit[],
  options: { limits?: Partial<Limits> } = {},
): string {
  let text = isSource(source) ? source.text : source;
  const limits: Limits = { ...defaultLimits, ...options.limits, size: Number.POSITIVE_INFINITY };
  for (const edit of edits) text = applyEdit(readText(text, limits), edit, limits);
  return text;
}
