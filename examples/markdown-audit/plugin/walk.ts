import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Never looked into, whatever .gitignore says. */
const never: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist']);

/** What one .gitignore says, with the folder that it stands in. */
interface Rules {
  readonly base: string;
  readonly rules: Ignore;
}

/**
 * Goes through a folder and gives the files that Git would not ignore, sorted, as paths with "/" from that folder.
 * A .gitignore counts for its folder and all below; a deeper one has the last word. Symlinks are not followed.
 *
 * @param patterns - more to leave out, as in a .gitignore
 */
export async function* walk(root: string, patterns: readonly string[] = []): AsyncGenerator<string> {
  yield* walkFolder(root, '', [{ base: '', rules: ignore().add([...patterns]) }]);
}

async function* walkFolder(
  root: string,
  folder: string,
  inherited: readonly Rules[],
): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile())
    ? [{ base: folder, rules: ignore().add(await readFile(join(root, folder, '.gitignore'), 'utf8')) }]
    : [];
  const rules = [...inherited, ...own];
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!never.has(entry.name) && !isIgnored(`${path}/`, rules)) yield* walkFolder(root, path, rules);
    } else if (entry.isFile() && !isIgnored(path, rules)) {
      yield path;
    }
  }
}

function isIgnored(path: string, all: readonly Rules[]): boolean {
  let ignored = false;
  for (const { base, rules } of all) {
    const result = rules.test(base === '' ? path : path.slice(base.length + 1));
    if (result.ignored) ignored = true;
    else if (result.unignored) ignored = false;
  }
  return ignored;
}
