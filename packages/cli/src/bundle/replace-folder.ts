import { UsageError } from '../cli/usage-error.ts';
import { whenInterrupted } from '../cli/when-interrupted.ts';
import { fs, path } from '../node.ts';
import { ownNames, readManifest } from './manifest.ts';

/**
 * Sees whether a bundle may be put at this place: there is nothing, or an empty folder, or a bundle without anything else in it.
 *
 * @throws UsageError
 */
export function checkPlace(out: string): void {
  const stat = fs.lstatSync(out, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) throw new UsageError(`"${out}" is there already, and no folder.`, 'bundle');
  const names = fs.readdirSync(out);
  if (names.length === 0) return;
  if (!readManifest(out)) {
    const message = `The folder "${out}" holds something else than a bundle. Name another, or empty it.`;
    throw new UsageError(message, 'bundle');
  }
  const others = names.filter((name) => !ownNames.has(name));
  if (others.length === 0) return;
  const shown = others.slice(0, 5).join(', ') + (others.length > 5 ? ', …' : '');
  const message = `The bundle "${out}" holds what did not come from "vwmp bundle": ${shown}. Move it away first; run a bundle from another folder to keep its data there.`;
  throw new UsageError(message, 'bundle');
}

/**
 * Fills a new folder beside the place and puts it there when it is complete; until then what was there stays. Of two at once one
 * fails, and one bundle is there as a whole.
 */
export async function replaceFolder<T>(out: string, fill: (folder: string) => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(out), { recursive: true });
  let made = '';
  const forget = whenInterrupted(() => fs.rmSync(made, { recursive: true, force: true }));
  try {
    made = fs.mkdtempSync(`${out}.new-`);
    // A temporary folder is for its owner alone; a bundle is read by whoever runs it.
    fs.chmodSync(made, 0o755);
    const result = await fill(made);
    checkPlace(out);
    const old = fs.existsSync(out) ? `${made}.old` : undefined;
    if (old !== undefined) fs.renameSync(out, old);
    try {
      fs.renameSync(made, out);
    } catch (error) {
      // Somebody else has put a bundle there in between.
      if (old !== undefined && fs.existsSync(out)) fs.rmSync(old, { recursive: true, force: true });
      else if (old !== undefined) fs.renameSync(old, out);
      throw error;
    }
    if (old !== undefined) fs.rmSync(old, { recursive: true, force: true });
    return result;
  } finally {
    forget();
    if (made !== '') fs.rmSync(made, { recursive: true, force: true });
  }
}
