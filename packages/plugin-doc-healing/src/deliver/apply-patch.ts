import { VwmpError } from '@vwmp/core';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import { isMarkdown } from '../markdown/model.ts';
import type { Tree } from '../tree/tree.ts';

/** A file with the text that it gets. */
export interface PatchedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Applies a diff of Markdown files to what a tree has, exactly: what does not fit is refused, as are paths that lead out and files of
 * any other kind, since the diff may have been in many hands.
 *
 * @throws DOC_PATCH_REFUSED
 */
export async function applyToTree(patch: string, tree: Tree): Promise<PatchedFile[]> {
  let parsed: StructuredPatch[];
  try {
    parsed = parsePatch(patch).filter(({ hunks }) => hunks.length > 0);
  } catch (cause) {
    throw refuse('It is no unified diff.', cause);
  }
  if (parsed.length === 0) throw refuse('It is no unified diff.');
  const has = new Set(await tree.paths());
  const files: PatchedFile[] = [];
  for (const each of parsed) {
    const path = pathOf(each);
    if (!isMarkdown(path)) throw refuse(`${path} is no Markdown file.`);
    if (!has.has(path) || files.some((file) => file.path === path))
      throw refuse(`${path} is not there, or comes twice.`);
    const content = await tree.read(path);
    const text =
      'text' in content
        ? applyPatch(content.text, each, { fuzzFactor: 0, autoConvertLineEndings: false })
        : false;
    if (text === false) throw refuse(`It does not fit ${path}, which was changed meanwhile.`);
    files.push({ path, text });
  }
  return files;
}

function pathOf({ oldFileName, newFileName }: StructuredPatch): string {
  const [before, after] = [bare(oldFileName), bare(newFileName)];
  const parts = after.split('/');
  const leaves =
    after.startsWith('/') || parts.some((part) => part === '..' || part === '' || part === '.git');
  if (before !== after || leaves)
    throw refuse(`It names ${JSON.stringify(after.slice(0, 100))}, which it may not change.`);
  return after;
}

function bare(name = ''): string {
  return name.replace(/\t.*$/s, '').replace(/^[ab]\//, '');
}

function refuse(why: string, cause?: unknown): VwmpError {
  return new VwmpError('DOC_PATCH_REFUSED', `The diff is not applied. ${why}`, { retryable: false, cause });
}
