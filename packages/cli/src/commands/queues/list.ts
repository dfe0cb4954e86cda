import { lookAt, type QueueLook, queueNames } from 'operator-common';
import { type Command, exitCodes } from '../../cli/command.ts';
import { withQueues } from '../../queues/with-queue.ts';
import { ago } from '../../terminal/ago.ts';
import { count } from '../../terminal/bytes.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** `vwmp queues list`. */
export const command: Command = async ({ flag, terminal }) =>
  withQueues(terminal, async ({ queue }) => {
    const { out } = terminal;
    const names = await queueNames(queue);
    if (flag('ids')) {
      for (const name of names) out.line(safe(name));
      return exitCodes.success;
    }
    const looks = await Promise.all(names.map((name) => lookAt(queue, name)));
    if (flag('json')) out.line(JSON.stringify(looks, null, 2));
    else writeRows(looks, terminal);
    return exitCodes.success;
  });

function writeRows(looks: readonly QueueLook[], { out, symbols }: Terminal): void {
  const now = Date.now();
  const rows = looks.map(({ name, waiting, active, delayed, dead, dead_since, paused }) => [
    out.style.bold(safe(name)),
    count(waiting),
    count(active),
    count(delayed),
    dead > 0 ? out.style.red(count(dead)) : '0',
    // A file is read later than it was written.
    dead_since === undefined ? '' : out.isTTY ? ago(Date.parse(dead_since), now) : dead_since,
    paused ? out.style.yellow(`${symbols.waiting} paused`) : out.style.green(`${symbols.success} active`),
  ]);
  writeTable(
    [
      { title: 'QUEUE', flexible: true },
      ...['WAITING', 'ACTIVE', 'DELAYED', 'DEAD'].map((title) => ({ title, right: true })),
      ...['OLDEST DEAD', 'STATE'].map((title) => ({ title })),
    ],
    rows,
    out,
  );
}
