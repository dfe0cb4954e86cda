import { unfinishedPrefix } from './atomic-write.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';
import { unique } from './unique.ts';

export interface PutOptions {
  /** It survives a loss of power once this resolves. */
  durable: boolean;
}

/** Writes a small value as JSON: whoever reads it sees the one before or this one. Makes the folder if need be. */
export async function putValue(path: string, value: unknown, { durable }: PutOptions): Promise<void> {
  const folder = node.path.dirname(path);
  const unfinished = node.path.join(folder, `${unfinishedPrefix}${unique()}`);
  try {
    const handle = await openIn(folder, unfinished);
    try {
      await handle.writeFile(JSON.stringify(value));
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await node.fs.rename(unfinished, path);
  } catch (error) {
    await node.fs.rm(unfinished, { force: true });
    throw error;
  }
  if (durable) await syncFolder(folder);
}

async function openIn(folder: string, path: string): Promise<import('node:fs/promises').FileHandle> {
  try {
    return await node.fs.open(path, 'wx');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    await makeFolder(folder);
    return await node.fs.open(path, 'wx');
  }
}

/** What a file says, or undefined when it is not there or says nothing that can be read. */
export async function readValue<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await node.fs.readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    // A loss of power can leave a file empty that was not synced.
    return undefined;
  }
}

/** Removes a file. @returns false when it was gone already */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await node.fs.unlink(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Whether there is something of this name. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await node.fs.access(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await node.fs.readdir(folder);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
