import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Workspace } from '@vwmp/core';

/** Writes a file of the workspace as a whole or not at all. @throws PATH_OUTSIDE */
export async function writeWhole(workspace: Workspace, path: string, text: string): Promise<void> {
  const absolute = await workspace.resolve(path);
  await mkdir(dirname(absolute), { recursive: true });
  const next = `${absolute}.${randomUUID()}.tmp`;
  try {
    const mode = await stat(absolute).then(
      (stats) => stats.mode,
      () => undefined,
    );
    await writeFile(next, text, { flag: 'wx', flush: true, ...(mode !== undefined && { mode }) });
    await rename(next, absolute);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
