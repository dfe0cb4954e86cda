import { Buffer } from 'node:buffer';
import { lstat } from 'node:fs/promises';
import type { HandlerContext } from '@vwmp/core';
import { type Digest, digestAt, digestOf } from './checksum.ts';
import { fileError, refuse } from './errors.ts';
import { openToAppend } from './open.ts';
import { locate, makeParents, type Place } from './paths.ts';
import { replaceFile } from './replace.ts';

/** Config of `file.write`. */
export interface WriteConfig {
  readonly path: string;
  readonly content: unknown;
  readonly encoding?: 'utf8' | 'base64';
  readonly append?: boolean;
  readonly overwrite?: boolean;
}

/** Output of `file.write`: size and checksum are those of the whole file. */
export interface WriteOutput extends Digest {
  readonly path: string;
  readonly created: boolean;
}

/** The code of `file.write`. */
export async function execute({
  config,
  workspace,
  signal,
}: HandlerContext<WriteConfig>): Promise<WriteOutput> {
  signal.throwIfAborted();
  const bytes = encode(config);
  const place = await locate(workspace, config.path);
  const overwrite = config.overwrite ?? true;
  try {
    await makeParents(workspace, place);
    if (config.append === true) return await append(place, bytes, overwrite, signal);
    const { created } = await replaceFile(place, { overwrite }, (handle) =>
      handle.writeFile(bytes, { signal }),
    );
    return { path: place.shown, ...digestOf(bytes), created };
  } catch (error) {
    signal.throwIfAborted();
    throw fileError(error, config.path);
  }
}

async function append(
  place: Place,
  bytes: Buffer,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<WriteOutput> {
  const created = (await lstat(place.absolute).catch(() => undefined)) === undefined;
  const handle = await openToAppend(place, !overwrite);
  try {
    // In one call: the system keeps what several writers append apart.
    await handle.write(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { path: place.shown, ...(await digestAt(place, signal)), created };
}

function encode({ path, content, encoding }: WriteConfig): Buffer {
  if (encoding === 'base64') {
    const digits = typeof content === 'string' ? content.replaceAll(/\s|=+\s*$/g, '') : '';
    // Buffer.from passes over what it cannot read; so would a damaged file be written.
    if (typeof content !== 'string' || !/^[A-Za-z0-9+/_-]*$/.test(digits) || digits.length % 4 === 1) {
      throw refuse('FILE_CONTENT_INVALID', path, 'cannot be written: the content is not base64');
    }
    return Buffer.from(content, 'base64');
  }
  return Buffer.from(typeof content === 'string' ? content : `${JSON.stringify(content ?? null, null, 2)}\n`);
}
