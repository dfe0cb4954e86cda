import type { FileHandle } from 'node:fs/promises';
import type { HandlerContext } from '@vwmp/core';
import { type Digest, digestFile } from './checksum.ts';
import { fileError } from './errors.ts';
import { openToRead } from './open.ts';
import { locate, makeParents, type Place } from './paths.ts';
import { replaceFile } from './replace.ts';

/** Config of `file.copy`. */
export interface CopyConfig {
  readonly from: string;
  readonly to: string;
  readonly overwrite?: boolean;
}

/** Output of `file.copy`. */
export interface CopyOutput extends Digest {
  readonly path: string;
}

/** The code of `file.copy`. */
export async function execute({
  config,
  workspace,
  signal,
}: HandlerContext<CopyConfig>): Promise<CopyOutput> {
  signal.throwIfAborted();
  const from = await locate(workspace, config.from);
  const to = await locate(workspace, config.to);
  const source = await openToRead(from).catch((error: unknown) => {
    throw fileError(error, config.from);
  });
  try {
    await makeParents(workspace, to);
    return { path: to.shown, ...(await copyFile(source, to, config.overwrite ?? true, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    throw fileError(error, config.to);
  } finally {
    await source.close();
  }
}

/** Copies piece by piece: `fs.copyFile` is faster, but can neither be aborted nor make the checksum on the way. */
export async function copyFile(
  source: FileHandle,
  to: Place,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<Digest> {
  const { mode } = await source.stat();
  const { result } = await replaceFile(to, { overwrite, mode }, (target) =>
    digestFile(source, signal, (piece) => writeAll(target, piece)),
  );
  return result;
}

/** One write may take less than it was given. */
async function writeAll(target: FileHandle, piece: Uint8Array): Promise<void> {
  for (let written = 0; written < piece.length; ) {
    const { bytesWritten } = await target.write(piece.subarray(written));
    written += bytesWritten;
  }
}
