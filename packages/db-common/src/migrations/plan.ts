import { VwmpError } from '@vwmp/core';
import type { Migration } from './migration.ts';

/**
 * The migrations that are to come.
 *
 * @param known - all that there are, oldest first
 * @param applied - ids of those that were carried out, oldest first
 * @param where - names the database
 * @throws MIGRATION_FAILED when a newer version of the program was there before
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly string[],
  where: string,
): readonly Migration[] {
  const stranger = applied.find((id, index) => known[index]?.id !== id);
  if (stranger !== undefined) {
    const message =
      `The database ${where} was brought to "${stranger}", which this version does not know. A newer version has used it: ` +
      'use that one, or restore the backup that was made before.';
    throw new VwmpError('MIGRATION_FAILED', message, { retryable: false, details: { migration: stranger } });
  }
  return known.slice(applied.length);
}

/** A migration that did not work out; nothing of it stays. */
export function migrationFailed(id: string, where: string, cause: unknown): VwmpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The migration "${id}" of the database ${where} failed, and nothing was changed: ${reason}`;
  return new VwmpError('MIGRATION_FAILED', message, {
    retryable: false,
    details: { migration: id },
    cause,
  });
}
