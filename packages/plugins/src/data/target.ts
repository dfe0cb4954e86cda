import { Buffer } from 'node:buffer';
import type { HandlerContext } from '@vwmp/core';
import { fileError } from '../file/errors.ts';
import { locate, makeParents } from '../file/paths.ts';
import { replaceFile } from '../file/replace.ts';

/** Gives a text as the output, or writes it into a file when a path is named. */
export async function deliver(
  { workspace }: Pick<HandlerContext<unknown>, 'workspace'>,
  path: string | undefined,
  text: string,
): Promise<{ text?: string; path?: string; size: number }> {
  const size = Buffer.byteLength(text);
  if (path === undefined) return { text, size };
  const place = await locate(workspace, path);
  try {
    await makeParents(workspace, place);
    await replaceFile(place, { overwrite: true }, (handle) => handle.writeFile(text));
  } catch (error) {
    throw fileError(error, path);
  }
  return { path: place.shown, size };
}
