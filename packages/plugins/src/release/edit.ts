import type { HandlerContext } from '@vwmp/core';
import { fileError } from '../file/errors.ts';
import { apply, type Change, changeOf, readText, revert, stateOf } from './changes.ts';
import { refuse } from './errors.ts';
import { entryName, openJournal } from './journal.ts';

/** What a handler wants: its output, and texts by the path of their file, from the root of the workspace. */
export interface Plan<Output extends object = object> {
  readonly output: Output;
  readonly texts: ReadonlyMap<string, string>;
}

/** Part of the output of each handler that edits files, and what `release.undo` takes. */
export interface Edited {
  readonly kind: 'release';
  readonly folder: string;
  /** From the folder. */
  readonly files: readonly string[];
  readonly changes: readonly Change[];
  readonly journal: string;
}

/**
 * Edits files so that a crash at any point and an attempt after it do it once: what is intended is written down first. When
 * it fails, files are as they were.
 *
 * @param folder - that the journal is seen from, in the workspace
 * @throws RELEASE_CHANGED when somebody else changed a file in the meantime
 */
export async function edit<Output extends object>(
  context: HandlerContext<unknown>,
  folder: string,
  plan: () => Promise<Plan<Output>>,
): Promise<Edited & Output> {
  const { workspace, signal } = context;
  const name = entryName(context.idempotencyKey);
  const journal = await openJournal(workspace, folder);
  const earlier = await journal.read(name);
  const { output, changes } = earlier ?? (await intend(context, await plan()));
  for (const change of changes)
    if ((await stateOf(workspace, change)) === undefined)
      throw refuse(
        'RELEASE_CHANGED',
        `${JSON.stringify(change.path)} was changed by somebody else in the meantime.`,
      );
  signal.throwIfAborted();
  if (earlier === undefined) await journal.write(name, { output, changes });
  try {
    for (const change of changes) await apply(workspace, change);
  } catch (error) {
    for (const change of changes) await revert(workspace, change).catch(() => {});
    await journal.remove(name);
    throw fileError(error, changes[0]?.path ?? folder);
  }
  const prefix = folder === '.' ? '' : `${folder}/`;
  const files = changes.map(({ path }) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
  return { ...(output as Output), kind: 'release', folder, files, changes, journal: name };
}

async function intend(
  { workspace }: HandlerContext<unknown>,
  { output, texts }: Plan,
): Promise<{ output: object; changes: readonly Change[] }> {
  const changes: Change[] = [];
  for (const [path, text] of texts) {
    const change = changeOf(path, await readText(workspace, path), text);
    if (change) changes.push(change);
  }
  return { output, changes };
}
