import { fs, path } from '../node.ts';
import { readManifest } from './manifest.ts';

/** What the start script of a bundle says of it. */
export interface RunningBundle {
  /** Absolute. */
  readonly folder: string;
  /** Its config, seen from the folder. */
  readonly config?: string;
}

/** Set by `main.mjs` of a bundle before it loads this command. Not a variable of the environment, which commands would inherit. */
const key = Symbol.for('vwmp.bundle');

/** @returns undefined when this command was installed, not bundled */
export function runningBundle(): RunningBundle | undefined {
  return (globalThis as { [key]?: RunningBundle })[key];
}

/** The file of a workflow that is called by its id, or by its path in the bundle, where no file of that name is there. */
export function bundledFile(given: string): string {
  const bundle = runningBundle();
  if (!bundle || given === '-' || fs.existsSync(given)) return given;
  const found = readManifest(bundle.folder)?.workflows.find(
    ({ id, file }) => id === given || file === path.normalize(given).replaceAll(path.sep, '/'),
  );
  return found ? path.join(bundle.folder, found.file) : given;
}
