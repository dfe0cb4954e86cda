import { type Command, exitCodes } from '../../cli/command.ts';
import { readNumber } from '../../cli/read-number.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { checkQueueName, withQueues } from '../../queues/with-queue.ts';
import { ago } from '../../terminal/ago.ts';
import { count } from '../../terminal/bytes.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';

const name = 'queues dead';

/** `vwmp queues dead NAME`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) => {
  const limit = readNumber(text('limit'), '--limit', name, { least: 1, most: 500 }) ?? 20;
  const cursor = text('cursor');
  return withQueues(terminal, async ({ queue }) => {
    await checkQueueName(queue, given, name);
    const page = await queue
      .dead(given, { limit, ...(cursor !== undefined && { cursor }) })
      .catch((error: unknown) => {
        if (cursor === undefined || !(error instanceof TypeError)) throw error;
        throw new UsageError(`--cursor is "${safe(cursor)}", which no page of this list has given.`, name);
      });
    const letters = page.results.map(({ task, ...rest }) => ({ ...task, ...rest }));
    const { out, err } = terminal;
    const now = Date.now();
    if (flag('json')) out.line(JSON.stringify({ ...page, results: letters }, null, 2));
    else if (flag('ids')) for (const { id } of letters) out.line(safe(id));
    else if (page.count === 0) err.line(err.style.dim(`The queue "${safe(given)}" has no dead letters.`));
    else
      writeTable(
        [
          { title: 'TASK' },
          { title: 'NAME' },
          { title: 'ATTEMPTS', right: true },
          { title: 'FAILED' },
          { title: 'ERROR', flexible: true },
        ],
        letters.map((each) => [
          out.style.bold(safe(each.id)),
          safe(each.name),
          count(each.attempt),
          // A file is read later than it was written.
          out.isTTY ? ago(Date.parse(each.failed_at), now) : each.failed_at,
          out.style.red(safe(`${each.error.code} ${each.error.message}`)),
        ]),
        out,
      );
    if (!flag('json') && page.next_cursor !== undefined) {
      const next = `go on with --cursor ${page.next_cursor}`;
      err.line(err.style.dim(`${count(letters.length)} of ${count(page.count)}; ${next}`));
    }
    return exitCodes.success;
  });
};
