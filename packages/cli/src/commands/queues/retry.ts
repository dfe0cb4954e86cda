import { type Command, exitCodes } from '../../cli/command.ts';
import { checkQueueName, lookAt, withQueues } from '../../queues/with-queue.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp queues retry NAME TASKS…`. */
export const command: Command = async ({ operands: [given = '', ...tasks], flag, terminal }) =>
  withQueues(terminal, async ({ queue, note }) => {
    const { out, symbols } = terminal;
    await checkQueueName(queue, given, 'queues retry');
    for (const task of tasks) {
      await queue.retryDead(given, task);
      await note('retried', given, { task });
      if (!flag('json'))
        out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(task))} has its attempts back`);
    }
    if (flag('json')) out.line(JSON.stringify(await lookAt(queue, given), null, 2));
    return exitCodes.success;
  });
