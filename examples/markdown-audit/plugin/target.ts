import { posix } from 'node:path';

/** Where a link leads. */
export type Target =
  | { kind: 'external'; url: string }
  /** `path` is missing when the link stays in its file, `anchor` when it names none. */
  | { kind: 'local'; path?: string; rooted: boolean; anchor?: string }
  /** `mailto:`, `tel:`, `data:` and the like: nothing that could be looked up. */
  | { kind: 'other' };

/** Reads the address of a link. Paths stay relative to the file unless they begin with a slash (`rooted`). */
export function readTarget(url: string): Target {
  if (url.startsWith('//')) return { kind: 'external', url: `https:${url}` };
  const scheme = schemeOf(url);
  if (scheme === 'http' || scheme === 'https') return { kind: 'external', url };
  if (scheme !== undefined) return { kind: 'other' };
  const hash = url.indexOf('#');
  const anchor = hash < 0 ? '' : decode(url.slice(hash + 1));
  const rest = hash < 0 ? url : url.slice(0, hash);
  const query = rest.indexOf('?');
  const path = decode(query < 0 ? rest : rest.slice(0, query));
  return {
    kind: 'local',
    rooted: path.startsWith('/'),
    ...(path === '' ? {} : { path }),
    ...(anchor === '' ? {} : { anchor }),
  };
}

/** The path of a target as seen from the audited folder; `..` in front when it leads out of it. */
export function pathFromFolder(file: string, target: { path?: string; rooted: boolean }): string {
  if (target.path === undefined) return file;
  const from = target.rooted ? '.' : posix.dirname(file);
  const path = posix.normalize(posix.join(from, target.path));
  return path.endsWith('/') && path !== '/' ? path.slice(0, -1) : path;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const inScheme = `${letters}0123456789+.-`;

/** As RFC 3986 has it: a letter, then letters, digits and `+.-`, up to a colon. */
function schemeOf(url: string): string | undefined {
  const scheme = url.slice(0, Math.max(0, url.indexOf(':'))).toLowerCase();
  if (scheme === '' || !letters.includes(scheme.charAt(0))) return undefined;
  return [...scheme].every((character) => inScheme.includes(character)) ? scheme : undefined;
}

/** Percent signs that encode nothing are meant as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
