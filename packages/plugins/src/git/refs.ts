import { refuse } from './errors.ts';

/**
 * Tells whether git would take this as the name of a branch or tag: the rules of `git check-ref-format --branch`, so that what gets
 * into a command line can be neither an option nor an expression.
 */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.length > 200) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it.
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** @throws GIT_REF_INVALID */
export function checkRefName(kind: 'branch' | 'tag' | 'remote', name: string): void {
  if (isRefName(name)) return;
  throw refuse('GIT_REF_INVALID', `${JSON.stringify(name.slice(0, 100))} cannot be the name of a ${kind}.`);
}

/** @throws GIT_REF_INVALID when it is none that stands for a single commit: an option, a range, a path, a search */
export function checkRevision(revision: string): void {
  if (/^[A-Za-z0-9_@][A-Za-z0-9_@./{}~^+#-]{0,250}$/.test(revision) && !revision.includes('..')) return;
  throw refuse('GIT_REF_INVALID', `${JSON.stringify(revision.slice(0, 100))} does not name a commit.`);
}
