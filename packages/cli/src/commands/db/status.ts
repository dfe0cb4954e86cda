import { type Command, exitCodes } from '../../cli/command.ts';
import { withDatabase } from '../../db/open-maintenance.ts';
import { pendingCount } from '../../db/pending.ts';
import { sizeOf } from '../../db/size.ts';
import { bytes, count } from '../../terminal/bytes.ts';
import { writeTable } from '../../terminal/table.ts';

/** `vwmp db status`. */
export const command: Command = async ({ flag, terminal }) =>
  withDatabase(terminal, {}, async ({ maintenance, name, settings }) => {
    const { out, symbols } = terminal;
    const { style } = out;
    const { applied, pending } = await maintenance.status();
    const tables = pending.length === 0 ? await maintenance.tables() : [];
    const size = sizeOf(settings);
    const code = pending.length === 0 ? exitCodes.success : exitCodes.failed;
    if (flag('json')) {
      out.line(JSON.stringify({ database: name, bytes: size, applied, pending, tables }, null, 2));
      return code;
    }
    const shownSize = size === undefined ? '' : style.dim(`  ${bytes(size)}`);
    out.line(`${style.bold(name)}${shownSize}`);
    if (pending.length === 0) {
      const last = applied.at(-1);
      out.line(
        `${style.green(symbols.success)} ${applied.length} migrations, the last is ${last}; none is pending`,
      );
      out.line();
      const rows = tables.map((table) => [table.name, count(table.rows)]);
      writeTable([{ title: 'TABLE' }, { title: 'ROWS', right: true }], rows, out);
      return code;
    }
    out.line(`${style.yellow(symbols.warning)} ${pendingCount(pending)}: ${pending.join(', ')}`);
    out.line(
      `  ${style.cyan(`${symbols.arrow} vwmp db migrate carries ${pending.length === 1 ? 'it' : 'them'} out; so does the next worker that starts.`)}`,
    );
    return code;
  });
