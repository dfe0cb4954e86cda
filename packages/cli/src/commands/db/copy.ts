import { VwmpError } from '@vwmp/core';
import type { TableSize } from '@vwmp/core/ports';
import { type Command, exitCodes, type Invocation } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { type CopiedTable, copyRows, verify } from '../../db/copy.ts';
import { bringKey } from '../../db/encryption-key.ts';
import { liveWorkers } from '../../db/leases.ts';
import { checkThere, type Database, openDatabase, openNamed } from '../../db/open-maintenance.ts';
import { pendingCount } from '../../db/pending.ts';
import { createProgress } from '../../db/progress.ts';
import { readVariables } from '../../platform/settings.ts';
import { ago } from '../../terminal/ago.ts';
import { count } from '../../terminal/bytes.ts';
import { elapsed } from '../../terminal/elapsed.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'db copy';

/** `vwmp db copy --to URL`. */
export const command: Command = async (invocation) => {
  const { text, terminal } = invocation;
  const to = text('to');
  if (to === undefined)
    throw new UsageError(
      'Say where to: --to postgresql://USER@HOST/DATABASE, or --to PATH for SQLite.',
      name,
    );
  const from = text('from');
  const source =
    from === undefined ? await openDatabase(terminal) : await openNamed(from, '--from', terminal);
  try {
    const target = await openNamed(to, '--to', terminal);
    try {
      return await copy(source, target, invocation);
    } finally {
      await target.storage.close();
    }
  } finally {
    await source.storage.close();
  }
};

async function copy(source: Database, target: Database, invocation: Invocation): Promise<number> {
  const { flag, terminal } = invocation;
  const started = Date.now();
  if (placeOf(source) === placeOf(target))
    throw new UsageError(`--from and --to are the same database: ${source.name}.`, name);
  checkThere(source, invocation.text('from') === undefined ? undefined : 'Give --from the one to copy.');
  // Not of the settings alone: they say nothing of a source that --from names.
  const given =
    source.settings.encryptionKey ?? ((await readVariables()).VWMP_ENCRYPTION_KEY?.trim() || undefined);
  const { pending } = await source.maintenance.status();
  if (pending.length > 0)
    throw new UsageError(
      `The source ${source.name} is of an older version: ${pendingCount(pending)}. Bring it up to date first: vwmp db migrate.`,
      name,
    );
  const tables = await source.maintenance.tables();
  await checkIdle(source, tables, invocation);
  // From here on nobody takes it for a whole database, until all of it is there and was compared; one that holds something else is not marked.
  await (target.maintenance.importing?.('begin') ?? target.maintenance.migrate());
  if (!flag('resume')) await checkEmpty(target);
  const progress = createProgress(terminal);
  let result: { tables: CopiedTable[]; different: string[] };
  try {
    await copyRows(source.maintenance, target.maintenance, tables, progress);
    result = await verify(source.maintenance, target.maintenance, tables, progress);
  } finally {
    progress.end();
  }
  if (result.different.length > 0)
    throw new VwmpError(
      'COPY_MISMATCH',
      `Source and target differ in: ${result.different.join(', ')}. Something has changed the one or the other meanwhile: end its workers, empty the target and copy again.`,
      { retryable: false },
    );
  await target.maintenance.importing?.('end');
  const todo = bringKey(source.settings, target.settings, given);
  tell({ source, target, ...result, time: Date.now() - started, todo }, invocation);
  return exitCodes.success;
}

/** For one database there may be several names; a file has one only. */
function placeOf({ settings: { database } }: Database): string {
  return database.path ?? database.url ?? '';
}

async function checkIdle(
  { maintenance, name: database }: Database,
  tables: readonly TableSize[],
  { flag, terminal: { err, symbols } }: Invocation,
): Promise<void> {
  const now = Date.now();
  const live = await liveWorkers(maintenance, tables, now);
  if (live.length === 0) return;
  const one = live[0]!.id;
  const who =
    live.length === 1 ? `The worker ${safe(one)} is` : `${live.length} workers, ${safe(one)} among them, are`;
  const what = `${who} at work on ${database}: what they record during the copy would be missing from it.`;
  if (flag('force')) return err.line(`${err.style.yellow(symbols.warning)} ${what}`);
  const last = Math.max(...live.map(({ until }) => until));
  const killed = `one that was killed counts until its lease ends, ${ago(last, now)}`;
  throw new UsageError(`${what} Stop them first (${killed}), or copy nevertheless with --force.`, name);
}

async function checkEmpty({ maintenance, name: database }: Database): Promise<void> {
  const filled = (await maintenance.tables()).filter(({ rows }) => rows > 0);
  if (filled.length === 0) return;
  const what = filled.map((table) => `${count(table.rows)} ${table.name}`).join(', ');
  throw new UsageError(
    `The target ${database} is not empty: it has ${what}. Take another one, or go on with a copy that was broken off with --resume.`,
    name,
  );
}

interface Told {
  source: Database;
  target: Database;
  tables: readonly CopiedTable[];
  time: number;
  todo: string | undefined;
}

function tell(
  { source, target, tables, time, todo }: Told,
  { flag, terminal: { out, err, symbols } }: Invocation,
): void {
  const { style } = out;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (todo !== undefined) err.line(`${err.style.yellow(symbols.warning)} ${todo}`);
  if (flag('json')) {
    const result = { from: source.name, to: target.name, rows, duration_ms: time, tables };
    return out.line(JSON.stringify(result, null, 2));
  }
  const what = `${count(rows)} rows of ${tables.length} tables were copied in ${elapsed(time)}, compared, and are the same`;
  out.line(`${style.green(symbols.success)} ${what}`);
  out.line(`  ${style.dim(`${source.name} ${symbols.arrow} ${target.name}`)}`);
  out.line(
    `  ${style.cyan(`${symbols.arrow} Let the settings name the target, and start the workers again.`)}`,
  );
}
