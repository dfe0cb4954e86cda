import { type Command, exitCodes } from '../../cli/command.ts';
import { readNumber } from '../../cli/read-number.ts';
import { checkQueueName, withQueues } from '../../queues/with-queue.ts';
import { count } from '../../terminal/bytes.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';

const name = 'queues dead';

/** `vwmp queues dead NAME`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) => {
  const limit = readNumber(text('limit'), '--limit', name, { least: 1, most: 500 }) ?? 20;
  return withQueues(terminal, async ({ queue }) => {
    await checkQueueName(queue, given, name);
    const letters = (await queue.dead(given, limit)).map(({ task, error }) => ({ ...task, error }));
    const { out, err } = terminal;
    if (flag('json')) out.line(JSON.stringify(letters, null, 2));
    else if (flag('ids')) for (const { id } of letters) out.line(safe(id));
    else if (letters.length === 0) err.line(err.style.dim(`The queue "${safe(given)}" has no dead letters.`));
    else
      writeTable(
        [
          { title: 'TASK' },
          { title: 'NAME' },
          { title: 'ATTEMPTS', right: true },
          { title: 'ERROR', flexible: true },
        ],
        letters.map((each) => [
          out.style.bold(safe(each.id)),
          safe(each.name),
          count(each.attempt),
          out.style.red(safe(`${each.error.code} ${each.error.message}`)),
        ]),
        out,
      );
    const { dead } = await queue.counts(given);
    if (!flag('json') && dead > letters.length)
      err.line(err.style.dim(`${count(letters.length)} of ${count(dead)}; more with --limit`));
    return exitCodes.success;
  });
};
