import type { WorkflowDocument } from '../model/workflow.ts';

const longest = 64;

/** What a document has when it does not say otherwise. */
export const documentDefaults: { readonly version: string; readonly type: string } = {
  version: '0.1.0',
  type: 'generic',
};

/** Letters that decomposition leaves as they are. */
const folds: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** The id of a document: its own, or a slug of its name. */
export function documentId(document: Pick<WorkflowDocument, 'id' | 'name'>): string {
  return document.id ?? slug(document.name);
}

/**
 * Makes a slug `[a-z0-9][a-z0-9._-]{0,63}` of any text; never empty. A text without Latin letters or
 * digits gives `workflow-` and a hash, so that two of them differ.
 */
export function slug(text: string): string {
  const folded = (/^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : fold(text))
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, longest)
    .replace(/[^a-z0-9]+$/, '');
  return folded === '' ? `workflow-${hash(text)}` : folded;
}

/** Apart, because the first use of Unicode tables loads 0.5 MB. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðþłı]/g, (letter) => folds[letter]!);
}

/** FNV-1a, in base 36. */
function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return (sum >>> 0).toString(36);
}
