import { fs, path } from '../node.ts';
import { isForOther } from './target.ts';

/** What no program reads while it runs: types, maps, sources of what was compiled, prose. */
const idle = /\.(map|tsx?|mts|cts|c|cc|cpp|h|hpp|gypi?|o|a|md|markdown|tsbuildinfo)$/i;
/** Has to go along with the code, whatever its ending. */
const legal = /^(licen[sc]e|copying|notice)/i;
const always = ['package.json', 'license', 'licence', 'license.md', 'license.txt', 'notice'];

interface Manifest {
  files?: unknown;
}

/**
 * The files of an installed package that a bundle needs, as paths with "/" seen from its folder.
 *
 * @param manifest - its package.json
 */
export function packageFiles(folder: string, manifest: Manifest, platform: string): string[] {
  const found: string[] = [];
  const roots = published(manifest);
  const open = [''];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of fs.readdirSync(path.join(folder, at), { withFileTypes: true })) {
      const file = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (at === '' && roots && !roots.has(entry.name) && !always.includes(entry.name.toLowerCase()))
        continue;
      if (entry.isDirectory()) open.push(file);
      else if (entry.isFile() && isNeeded(file, entry.name, platform)) found.push(file);
    }
  }
  return found.sort();
}

function isNeeded(file: string, name: string, platform: string): boolean {
  return legal.test(name) || (!idle.test(name) && !isForOther(file, platform));
}

/** The top names of what it publishes; undefined when its manifest does not say so plainly, and everything counts. */
function published({ files }: Manifest): ReadonlySet<string> | undefined {
  if (!Array.isArray(files) || !files.every((each) => typeof each === 'string')) return undefined;
  if (files.some((each) => /[*?!{}[\]]/.test(each))) return undefined;
  return new Set(files.map((each) => each.replace(/^\.?\//, '').split('/')[0] ?? ''));
}
