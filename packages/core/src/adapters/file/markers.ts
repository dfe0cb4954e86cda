import { historyExtension } from './execution-path.ts';
import { syncFolder } from './folders.ts';
import { createLogQueue } from './log-queue.ts';
import { node } from './node.ts';
import { fileExists, removeFile } from './small-file.ts';
import { isSystemError } from './unavailable.ts';

const markerPattern = /^([0-9a-f]{2})-(.+~[0-9a-f]{24})$/;
/** Creating an execution takes milliseconds: a marker without one that is that old was left by a crash. */
const abandonedAfter = 10 * 60_000;

/**
 * An empty file for each execution that has not ended, or whose last messages may not have been delivered. It is there
 * before the execution is and stays until nothing is to be done any more: who looks for work looks at these only, not
 * at everything that ever ran.
 */
export interface Markers {
  /** @param path - of the history, relative to the folder of executions */
  add(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  has(path: string): Promise<boolean>;
  /** The histories that are marked. */
  list(): Promise<string[]>;
  /** True for one so old that its history is no more in the making. */
  isOld(path: string): Promise<boolean>;
}

/** Makes the markers of one folder, which is there. */
export function createMarkers(folder: string): Markers {
  const pathOf = (path: string): string => {
    const { dir, name } = node.path.parse(path);
    return node.path.join(folder, `${dir}-${name}`);
  };
  // One sync serves all that were made before it began.
  const synced = createLogQueue<undefined>(async (_key, group) => {
    await syncFolder(folder);
    return group.map(() => ({ value: undefined }));
  });

  const make = async (file: string): Promise<boolean> => {
    try {
      await (await node.fs.open(file, 'wx')).close();
      return true;
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) return false;
      throw error;
    }
  };

  return {
    async add(path) {
      const file = pathOf(path);
      if (!(await make(file))) return;
      await synced.add('', undefined);
    },
    async remove(path) {
      await removeFile(pathOf(path));
    },
    has: (path) => fileExists(pathOf(path)),
    async list() {
      const found: string[] = [];
      for (const name of await node.fs.readdir(folder)) {
        const [, shard, rest] = markerPattern.exec(name) ?? [];
        if (shard) found.push(node.path.join(shard, `${rest}${historyExtension}`));
      }
      return found;
    },
    async isOld(path) {
      try {
        return Date.now() - (await node.fs.stat(pathOf(path))).mtimeMs > abandonedAfter;
      } catch (error) {
        if (isSystemError(error, 'ENOENT')) return false;
        throw error;
      }
    },
  };
}
