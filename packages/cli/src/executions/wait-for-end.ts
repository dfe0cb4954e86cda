import type { Execution } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { exitCodes } from '../cli/command.ts';
import { hasCode } from '../cli/has-code.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { obstacle } from './obstacle.ts';
import { queueObstacle } from './queue-obstacle.ts';

/** After so long without a worker it is said that one is needed, in milliseconds. */
const patience = 3000;

/**
 * Waits until an execution has ended and shows how. Ctrl-C ends the waiting, and nothing else.
 *
 * @returns the exit code
 */
export async function waitForEnd(
  platform: Platform,
  id: string,
  { terminal, json }: { terminal: Terminal; json: boolean },
): Promise<number> {
  const { out, err, symbols } = terminal;
  const stop = new AbortController();
  let code: number = exitCodes.interrupted;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGTERM') code = exitCodes.terminated;
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Between two looks nothing else keeps the process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  const output = json ? err : out;
  const live = output.isLive
    ? (await import('./live-picture.ts')).createLivePicture(platform, id, output, terminal)
    : undefined;
  const nudge = setTimeout(async () => {
    const record = await platform.storage.executions.get(id);
    if (record?.status !== 'pending' || record.owner !== undefined) return;
    const why =
      (await obstacle(record, platform.settings)) ??
      (await queueObstacle(['executions'], platform.settings)) ??
      'No worker has taken it up yet. vwmp worker runs one.';
    const text = err.style.dim(`${symbols.waiting} ${safe(why)}`);
    if (live) live.line(text);
    else err.line(text);
  }, patience);
  let execution: Execution;
  try {
    execution = await platform.wait(id, { signal: stop.signal });
  } catch (error) {
    if (!hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    return tellGone(id, terminal, json);
  } finally {
    await live?.end();
    clearTimeout(nudge);
    clearInterval(alive);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
  if (stop.signal.aborted && execution.completed_at === undefined) {
    err.line(
      `${err.style.yellow(symbols.warning)} Not waited for any longer. It goes on: vwmp executions show ${id}`,
    );
    if (json) out.line(JSON.stringify(execution, null, 2));
    return code;
  }
  if (json) out.line(JSON.stringify(execution, null, 2));
  else (await import('../run/summary.ts')).showSummary(execution, out, symbols, false);
  return execution.status === 'success' ? exitCodes.success : exitCodes.failed;
}

/** Of one that was there, and was pruned before anybody looked. */
function tellGone(id: string, { out, err, symbols }: Terminal, json: boolean): number {
  const message = `Execution "${id}" has ended, and was removed at that moment: how it ended is not known.`;
  err.line(`${err.style.red(symbols.failed)} ${message}`);
  if (json) out.line(JSON.stringify({ error: { code: 'EXECUTION_NOT_FOUND', message } }, null, 2));
  return exitCodes.failed;
}
