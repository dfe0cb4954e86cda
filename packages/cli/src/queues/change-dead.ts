import { lookAt } from 'operator-common';
import { type Command, exitCodes } from '../cli/command.ts';
import { safe } from '../terminal/safe.ts';
import { checkQueueName, withQueues } from './with-queue.ts';

const noted = { retry: 'retried', discard: 'discarded' } as const;

/** `vwmp queues retry NAME TASKS…` and `vwmp queues discard NAME TASKS…`. @param told - what has become of one */
export function changeDead(verb: 'retry' | 'discard', told: string): Command {
  return async ({ operands: [name = '', ...tasks], flag, terminal }) =>
    withQueues(terminal, async ({ queue, note }) => {
      const { out, symbols } = terminal;
      await checkQueueName(queue, name, `queues ${verb}`);
      for (const task of tasks) {
        await queue[`${verb}Dead`](name, task);
        await note(noted[verb], name, { task });
        if (!flag('json'))
          out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(task))} ${told}`);
      }
      if (flag('json')) out.line(JSON.stringify(await lookAt(queue, name), null, 2));
      return exitCodes.success;
    });
}
