import type { Platform } from '@vwmp/core/platform';
import { isQueueName, lookAt } from 'operator-common';
import { type Command, exitCodes } from '../cli/command.ts';
import { safe } from '../terminal/safe.ts';
import { checkQueueName, withQueues } from './with-queue.ts';

/** `vwmp queues pause NAME` and `vwmp queues resume NAME`. */
export function setPaused(verb: 'pause' | 'resume'): Command {
  return async ({ operands: [name = ''], flag, terminal }) =>
    withQueues(terminal, async ({ platform, queue, note }) => {
      if (verb === 'resume') await checkQueueName(queue, name, 'queues resume');
      else if (!flag('force')) await checkPaused(platform, name);
      const before = await lookAt(queue, name);
      await queue[verb](name);
      await note(`${verb}d`, name);
      const look = await lookAt(queue, name);
      const { out, symbols } = terminal;
      if (flag('json')) out.line(JSON.stringify(look, null, 2));
      else {
        const same = before.paused === look.paused ? ' already' : '';
        const now = look.paused
          ? `is${same} paused: nothing of it is given out until "vwmp queues resume ${safe(name)}"; what runs goes on to its end`
          : `is${same} active: what waits is given out`;
        out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(name))} ${now}`);
      }
      return exitCodes.success;
    });
}

/** @throws UsageError for a name of which nothing knows: a mistyped one would be paused in vain */
async function checkPaused(platform: Platform, name: string): Promise<void> {
  if (await isQueueName(name, platform)) return;
  const advice = ' To pause it before its first task: --force.';
  await checkQueueName(platform.queue, name, 'queues pause', advice);
}
