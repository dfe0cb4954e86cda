import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { hasCode, type Workspace } from '@vwmp/core';
import { refuse as refuseFile } from '../file/errors.ts';
import { openToRead } from '../file/open.ts';
import { locate, makeParents, type Place } from '../file/paths.ts';
import { replaceFile } from '../file/replace.ts';
import { refuse } from './errors.ts';

/** What was done to a file, so that it can be done and undone: one piece of its text was replaced. */
export interface Change {
  /** From the root of the workspace. */
  readonly path: string;
  /** Checksums of the whole text; null before: there was no such file. */
  readonly before: string | null;
  readonly after: string;
  /** Where the piece begins, in UTF-16 units. */
  readonly at: number;
  readonly removed: string;
  readonly added: string;
}

/** Longest file that is edited. */
const maxBytes = 8 * 1024 * 1024;

/** The text of a file, or undefined when it is not there. @throws RELEASE_FILE_INVALID, PATH_OUTSIDE */
export async function readText(workspace: Workspace, path: string): Promise<string | undefined> {
  const place = await locate(workspace, path);
  const handle = await openToRead(place).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    if ((await handle.stat()).size > maxBytes)
      throw refuseFile('RELEASE_FILE_INVALID', path, 'is too long to be edited');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof TypeError) throw refuseFile('RELEASE_FILE_INVALID', path, 'is no UTF-8 text');
    throw error;
  } finally {
    await handle.close();
  }
}

/** What leads from one text to another; undefined when they are the same. */
export function changeOf(path: string, before: string | undefined, after: string): Change | undefined {
  if (before === after) return undefined;
  const old = before ?? '';
  const most = Math.min(old.length, after.length);
  let at = 0;
  while (at < most && old[at] === after[at]) at++;
  let end = 0;
  while (end < most - at && old[old.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    path,
    before: before === undefined ? null : checksum(before),
    after: checksum(after),
    at,
    removed: old.slice(at, old.length - end),
    added: after.slice(at, after.length - end),
  };
}

/** Which of the two texts a file has now; undefined when it is neither. */
export async function stateOf(workspace: Workspace, change: Change): Promise<'before' | 'after' | undefined> {
  const text = await readText(workspace, change.path);
  const sum = text === undefined ? null : checksum(text);
  if (sum === change.before) return 'before';
  return sum === change.after ? 'after' : undefined;
}

/** Makes the file what the change says; does nothing when it is that already. @throws RELEASE_CHANGED */
export async function apply(workspace: Workspace, change: Change): Promise<void> {
  await turn(workspace, change, change.before, change.after, change.removed, change.added);
}

/** Makes the file what it was. @returns false when it is that already @throws RELEASE_CHANGED */
export async function revert(workspace: Workspace, change: Change): Promise<boolean> {
  return turn(workspace, change, change.after, change.before, change.added, change.removed);
}

async function turn(
  workspace: Workspace,
  { path, at }: Change,
  from: string | null,
  to: string | null,
  old: string,
  replacement: string,
): Promise<boolean> {
  const text = await readText(workspace, path);
  const now = text === undefined ? null : checksum(text);
  if (now === to) return false;
  const result = (text ?? '').slice(0, at) + replacement + (text ?? '').slice(at + old.length);
  if (now !== from || (to !== null && checksum(result) !== to))
    throw refuse('RELEASE_CHANGED', `${JSON.stringify(path)} was changed by somebody else in the meantime.`);
  const place = await locate(workspace, path);
  if (to === null) await unlink(place.absolute);
  else await write(workspace, place, result);
  return true;
}

async function write(workspace: Workspace, place: Place, text: string): Promise<void> {
  await makeParents(workspace, place);
  await replaceFile(place, { overwrite: true }, (handle) => handle.writeFile(text));
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
