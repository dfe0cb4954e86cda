import { VwmpError } from '@vwmp/core';
import type { Migration } from './migration.ts';

/**
 * Stands among the ids of the migrations, after all of them, as long as a copy is not complete: executions without their latest events would do
 * again what they have done. Versions that do not know it refuse the database, too.
 */
export const unfinishedCopy = 'unfinished-copy';

/**
 * The migrations that are to come.
 *
 * @param known - all that there are, oldest first
 * @param applied - ids of those that were carried out, oldest first
 * @param where - names the database, such as `database /srv/vwmp.db`
 * @throws MIGRATION_FAILED when a newer version of the program was there before
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly string[],
  where: string,
): readonly Migration[] {
  if (applied.at(-1) === unfinishedCopy) {
    const message =
      `The ${where} is a copy that was broken off or is still being made: parts are missing. ` +
      'Complete it (vwmp db copy, with the same source and target and --resume), or remove it and copy again.';
    throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
  }
  const stranger = applied.find((id, index) => known[index]?.id !== id);
  if (stranger !== undefined) {
    const message =
      `The ${where} was brought to "${stranger}", which this version does not know. A newer version has used it: ` +
      'use that one, or restore the backup that was made before.';
    throw new VwmpError('MIGRATION_FAILED', message, { retryable: false, details: { migration: stranger } });
  }
  return known.slice(applied.length);
}

/** A migration that did not work out; nothing of it stays. */
export function migrationFailed(id: string, where: string, cause: unknown): VwmpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The migration "${id}" of the ${where} failed, and nothing was changed: ${reason}`;
  return new VwmpError('MIGRATION_FAILED', message, {
    retryable: false,
    details: { migration: id },
    cause,
  });
}
