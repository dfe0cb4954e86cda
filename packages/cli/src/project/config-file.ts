import { runningBundle } from '../bundle/running.ts';
import { fs, path } from '../node.ts';

const names = ['vwmp.config.ts', 'vwmp.config.mts', 'vwmp.config.mjs', 'vwmp.config.js'];

/**
 * The config that holds for a folder: the nearest one in it or above it, up to the root of the repository, the home
 * folder or the root of the disk. In a bundle it is its own, wherever it is run.
 */
export function findConfig(folder: string): string | undefined {
  const bundle = runningBundle();
  if (bundle) return bundle.config === undefined ? undefined : path.join(bundle.folder, bundle.config);
  const home = process.env.HOME ?? process.env.USERPROFILE;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = names.find((name) => fs.existsSync(path.join(at, name)));
    if (found) return path.join(at, found);
    if (at === home || at === path.dirname(at) || fs.existsSync(path.join(at, '.git'))) return undefined;
  }
}
