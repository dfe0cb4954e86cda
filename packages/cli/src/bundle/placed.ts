import { fs, path } from '../node.ts';

/** A file of the user and its place in the bundle, with "/". */
export interface Placed {
  file: string;
  place: string;
}

/** Puts files below a folder of the bundle, as they lie to each other. */
export function placeBelow(folder: string, files: readonly string[]): Placed[] {
  const base = commonFolder(files);
  return files.map((file) => ({
    file,
    place: [folder, ...path.relative(base, file).split(path.sep)].join('/'),
  }));
}

/** The deepest folder that all of them lie in. */
function commonFolder(files: readonly string[]): string {
  const [first = '.', ...others] = files.map((file) => path.dirname(path.resolve(file)));
  return others.reduce((base, folder) => {
    let at = base;
    while (folder !== at && !folder.startsWith(at.endsWith(path.sep) ? at : at + path.sep))
      at = path.dirname(at);
    return at;
  }, first);
}

/** Files and those of folders, without hidden ones and node_modules. @returns undefined for what is not there */
export function filesOf(given: string): string[] | undefined {
  const stat = fs.statSync(given, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isDirectory()) return [path.resolve(given)];
  const found: string[] = [];
  for (const entry of fs.readdirSync(given, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory() || entry.isFile()) found.push(...(filesOf(path.join(given, entry.name)) ?? []));
  }
  return found;
}
