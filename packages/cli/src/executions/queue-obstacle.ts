import type { QueueBackend } from '@vwmp/core';
import type { Settings } from '@vwmp/core/settings';
import { compose } from '../platform/compose.ts';
import { inTime } from '../platform/in-time.ts';
import { projectFolder } from '../project/plugins.ts';
import { count } from '../terminal/bytes.ts';
import type { Picture } from './picture.ts';

/** So long a queue server gets to explain something, in milliseconds: what is stored is shown without it. */
const patience = 1000;
const own = 'executions';

/** The queues that an execution waits for now. */
export function queuesOf({ record, waits, messages, worker }: Picture, now: number): string[] {
  const { status, wake_at, completed_at } = record;
  if (completed_at !== undefined) return [];
  const later = wake_at === undefined ? status === 'waiting' : Date.parse(wake_at) > now;
  const isReady = worker === undefined && (messages > 0 || !later);
  const steps = waits.flatMap(({ wait }) => (wait.kind === 'task' ? [wait.queue] : []));
  return [...new Set([...(isReady ? [own] : []), ...steps])];
}

/**
 * What keeps these queues from giving anything out. Known only where a server has them: those in memory are their process's alone.
 *
 * @returns undefined when there is nothing, and when it does not answer
 */
export async function queueObstacle(
  names: readonly string[],
  settings: Settings,
): Promise<string | undefined> {
  if (names.length === 0 || settings.queue.backend === 'memory') return undefined;
  let queue: QueueBackend | undefined;
  try {
    const logger = { log: () => {} };
    ({ queue } = await compose({ settings, variables: {}, logger, folder: projectFolder(process.cwd()) }));
    return await inTime(
      queue.open().then(() => obstacleIn(queue!, names)),
      patience,
    );
  } catch {
    return undefined;
  } finally {
    await queue?.close();
  }
}

/** The same by a queue that is open. */
async function obstacleIn(queue: QueueBackend, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const { waiting, active, paused } = await queue.counts(name);
    if (paused) {
      const what = name === own ? 'no execution begins or goes on' : 'no step of it begins';
      return `The queue "${name}" is paused: ${what} until "vwmp queues resume ${name}"`;
    }
    // One that waits itself is in it, and whoever works takes it within a moment. Of executions it is said anyway.
    if (name !== own && waiting > 0 && active === 0)
      return `Nobody takes what waits in the queue "${name}" (${count(waiting)}): vwmp worker --queue ${name}`;
  }
  return undefined;
}
