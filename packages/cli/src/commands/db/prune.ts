import { parseDuration } from '@vwmp/core';
import type { Retention } from '@vwmp/core/ports';
import { type Command, exitCodes, type Invocation } from '../../cli/command.ts';
import { readNumber } from '../../cli/read-number.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { withDatabase } from '../../db/open-maintenance.ts';
import { createProgress } from '../../db/progress.ts';
import { sizeOf } from '../../db/size.ts';
import { bytes, count } from '../../terminal/bytes.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'db prune';
/** So many in one transaction: others have to get in between. */
const batch = 200;

/** `vwmp db prune`. */
export const command: Command = async (invocation) => {
  const { flag, text, terminal } = invocation;
  const given = readRetention(invocation);
  return withDatabase(terminal, {}, async ({ storage, maintenance, settings }) => {
    const { maxAge, maxCount } = settings.retention;
    const workflow = text('workflow');
    const retention: Retention = {
      ...(given ?? {
        ...(maxAge !== undefined && { max_age: maxAge }),
        ...(maxCount !== undefined && { max_count: maxCount }),
      }),
      ...(workflow !== undefined && { workflow_id: workflow }),
    };
    if (retention.max_age === undefined && retention.max_count === undefined)
      throw new UsageError(
        'The settings keep everything, and no limit was given: use --older-than, --keep or both.',
        name,
      );
    await storage.open();
    const before = sizeOf(settings);
    const progress = createProgress(terminal);
    let removed = 0;
    for (;;) {
      const gone = await storage.executions.prune(retention, Date.now(), batch);
      if (gone === 0) break;
      removed += gone;
      progress.show({ what: 'pruning', done: removed });
    }
    const compacted = removed === 0 ? 0 : await maintenance.compact();
    // A file of SQLite has shrunk with every batch, too.
    const freed = removed === 0 || before === undefined ? compacted : Math.max(0, before - sizeOf(settings)!);
    progress.end();
    const { out, symbols } = terminal;
    if (flag('json')) out.line(JSON.stringify({ removed, bytes_freed: freed }, null, 2));
    else
      out.line(
        `${out.style.green(symbols.success)} ${count(removed)} executions removed, ${bytes(freed)} given back`,
      );
    return exitCodes.success;
  });
};

/** @returns undefined when the command line says nothing @throws UsageError */
function readRetention({ text }: Invocation): Retention | undefined {
  const age = text('older-than');
  const keep = readNumber(text('keep'), '--keep', name, { least: 0, most: 1_000_000_000 });
  const max_age = age === undefined ? undefined : parseDuration(age);
  if (age !== undefined && max_age === undefined)
    throw new UsageError(
      `--older-than is "${safe(age)}": it has to be a duration such as 30d, 12h or 90m.`,
      name,
    );
  if (max_age === undefined && keep === undefined) return undefined;
  return { ...(max_age !== undefined && { max_age }), ...(keep !== undefined && { max_count: keep }) };
}
