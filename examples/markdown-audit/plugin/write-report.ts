import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { Workspace } from '@vwmp/core';

/** Where a report went. */
export interface Written {
  /** From the root of the workspace, with "/". */
  path: string;
  bytes: number;
}

/** Writes a report as a whole or not at all: nobody reads half of one, also when the step is run again. */
export async function writeReport(workspace: Workspace, path: string, text: string): Promise<Written> {
  const absolute = await workspace.resolve(path);
  await mkdir(dirname(absolute), { recursive: true });
  const draft = `${absolute}.draft`;
  await writeFile(draft, text);
  await rename(draft, absolute);
  return { path: relative(workspace.root, absolute).replaceAll('\\', '/'), bytes: Buffer.byteLength(text) };
}
