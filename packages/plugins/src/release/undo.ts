import type { HandlerContext } from '@vwmp/core';
import { fileError } from '../file/errors.ts';
import { revert } from './changes.ts';
import type { Edited } from './edit.ts';
import { refuse } from './errors.ts';
import { openJournal } from './journal.ts';

/** The code of `release.undo`: as much as can be is taken back, whatever fails. To do it again does nothing. */
export async function execute({
  config: { of },
  workspace,
}: HandlerContext<{ readonly of: Edited }>): Promise<{ restored: string[] }> {
  // It becomes the name of a file.
  if (!/^[0-9a-f]{64}$/.test(of.journal))
    throw refuse('CONFIG_INVALID', 'What is to be undone is not the output of a step of this plugin.');
  const restored: string[] = [];
  const failures: unknown[] = [];
  for (const change of of.changes) {
    try {
      if (await revert(workspace, change)) restored.push(change.path);
    } catch (error) {
      failures.push(fileError(error, change.path));
    }
  }
  const journal = await openJournal(workspace, of.folder);
  await journal.remove(of.journal);
  if (failures.length > 0) throw failures[0];
  return { restored };
}
