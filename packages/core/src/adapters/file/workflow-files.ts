import { unfinishedPrefix } from './atomic-write.ts';
import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';

const documentPattern = /\.(ya?ml|json)$/i;
/** Saving takes milliseconds: what is that old was left by a crash. */
const abandonedAfter = 10 * 60_000;

/**
 * The documents in a folder and its subfolders, as paths relative to it with `/`, sorted. Hidden files and
 * folders, `node_modules`, linked folders, links that lead out of the folder and what is no file are left out.
 */
export async function findDocuments(root: string): Promise<string[]> {
  const real = await node.fs.realpath(root);
  const found = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await node.fs.readdir(folder, { withFileTypes: true })) {
      const path = node.path.join(folder, entry.name);
      if (entry.name.startsWith(unfinishedPrefix)) await removeAbandoned(path);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) await visit(path);
      else if (documentPattern.test(entry.name)) {
        // Reading a pipe would wait for whoever writes into it, and with it everybody who lists workflows.
        const file = entry.isFile()
          ? path
          : entry.isSymbolicLink()
            ? await linkTarget(path, real)
            : undefined;
        if (file !== undefined) found.add(node.path.relative(real, file).replaceAll(node.path.sep, '/'));
      }
    }
  };
  await visit(real);
  return [...found].sort();
}

/** Kubernetes mounts files as links to a hidden folder beside them. */
async function linkTarget(path: string, root: string): Promise<string | undefined> {
  try {
    const target = await node.fs.realpath(path);
    const inside = target.startsWith(root + node.path.sep);
    return inside && (await node.fs.stat(target)).isFile() ? target : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ELOOP')) return undefined;
    throw error;
  }
}

async function removeAbandoned(path: string): Promise<void> {
  try {
    const { mtimeMs } = await node.fs.stat(path);
    if (Date.now() - mtimeMs > abandonedAfter) await node.fs.rm(path, { force: true });
  } catch (error) {
    // Someone else tidied up, or this process may not: it does no harm where it is.
    if (!isSystemError(error)) throw error;
  }
}
