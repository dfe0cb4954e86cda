import type { ExecutionRecord } from '@vwmp/core';
import { type Command, exitCodes } from '../../cli/command.ts';
import { findExecution, noExecution } from '../../executions/find-execution.ts';
import { obstacle } from '../../executions/obstacle.ts';
import { type Picture, takePicture } from '../../executions/picture.ts';
import { queueObstacle, queuesOf } from '../../executions/queue-obstacle.ts';
import { showPicture } from '../../executions/show-picture.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { withPlatform } from '../../platform/with-platform.ts';

/** `vwmp executions show ID`. */
export const command: Command = async ({ operands: [given = ''], flag, terminal }) =>
  // Who waits is told of the end by the others.
  withPlatform(flag('wait') ? 'send' : 'read', terminal, async ({ platform, settings }) => {
    const { executions } = platform.storage;
    const record = await findExecution(executions, given);
    if (flag('wait') && record.completed_at === undefined)
      return waitForEnd(platform, record.id, { terminal, json: flag('json') });
    const picture = await takePicture(platform, record);
    // Pruned in between: then it is as if it had never been there.
    if (!picture) throw noExecution(given);
    if (flag('json')) terminal.out.line(JSON.stringify(toJson(picture), null, 2));
    else {
      const now = Date.now();
      const held =
        (await obstacle(picture.record, settings)) ?? (await queueObstacle(queuesOf(picture, now), settings));
      showPicture(picture, terminal, now, held);
    }
    return flag('wait') && record.status !== 'success' ? exitCodes.failed : exitCodes.success;
  });

/** The execution as everywhere, and how it is kept. */
function toJson({ record, execution, worker, waits, children, messages }: Picture): object {
  return { ...execution, worker, ...keeping(record), waits, children, messages };
}

function keeping({ wake_at, origin = {} }: ExecutionRecord): object {
  const { sealed: _sealed, ...rest } = origin;
  return { wake_at, ...rest };
}
