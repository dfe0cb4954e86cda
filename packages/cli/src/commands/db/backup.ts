import { type Command, exitCodes } from '../../cli/command.ts';
import { hasCode } from '../../cli/has-code.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { whenInterrupted } from '../../cli/when-interrupted.ts';
import { keyFileOf } from '../../db/encryption-key.ts';
import { withDatabase } from '../../db/open-maintenance.ts';
import { fs, path } from '../../node.ts';
import { bytes } from '../../terminal/bytes.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp db backup PATH`. */
export const command: Command = async ({ operands: [given = ''], flag, terminal }) => {
  if (given === '') throw new UsageError('The path is empty.', 'db backup');
  const file = path.resolve(given);
  const folder = path.dirname(file);
  if (fs.existsSync(file))
    throw new UsageError(`"${safe(given)}" is there already, and a backup overwrites nothing.`, 'db backup');
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`There is no folder "${safe(folder)}" for the backup.`, 'db backup');
  return withDatabase(terminal, {}, async ({ maintenance, name, settings }) => {
    removeAbandoned(folder, Date.now());
    const forget = whenInterrupted(() => removeUnfinished(folder));
    try {
      await maintenance.backup(file);
    } finally {
      forget();
    }
    const { size } = fs.statSync(file);
    const { out, err, symbols } = terminal;
    if (flag('json')) out.line(JSON.stringify({ database: name, file, bytes: size }, null, 2));
    else
      out.line(`${out.style.green(symbols.success)} ${name} was backed up to ${safe(file)} (${bytes(size)})`);
    const key = keyFileOf(settings);
    if (key !== undefined)
      err.line(
        err.style.dim(`${symbols.dot} The key of secret parameters is not in it: keep ${key} apart from it.`),
      );
    return exitCodes.success;
  });
};

/** Nobody has written to it for so long, in milliseconds: processes of another machine, whose folder this is too, cannot be asked. */
const abandonedFor = 3_600_000;

/** What backups that were killed have left, as far as it may be removed. Never throws. */
function removeAbandoned(folder: string, now: number): void {
  for (const name of namesIn(folder)) {
    const [, id] = /^\.vwmp-backup-(\d+)-/.exec(name) ?? [];
    if (id === undefined || (Number(id) !== process.pid && isAlive(Number(id)))) continue;
    const file = path.join(folder, name);
    try {
      if (now - fs.statSync(file).mtimeMs > abandonedFor) fs.rmSync(file);
    } catch {
      // Another user's, or gone by now.
    }
  }
}

/** Nothing of a folder that may be written to and not read. */
function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** What both adapters write to as long as a backup is not whole, and what SQLite writes beside it. */
function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder))
    if (name.startsWith(`.vwmp-backup-${process.pid}-`)) fs.rmSync(path.join(folder, name), { force: true });
}
