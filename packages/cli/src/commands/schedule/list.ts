import type { ScheduleRecord } from '@vwmp/core';
import { type Command, exitCodes } from '../../cli/command.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { allSchedules } from '../../schedules/find-schedule.ts';
import { ago } from '../../terminal/ago.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** A schedule and when it fires next, ISO 8601. */
type Listed = ScheduleRecord & { next?: string };

/** `vwmp schedule list`. */
export const command: Command = async ({ flag, text, terminal }) =>
  withPlatform('read', terminal, async ({ platform }) => {
    const { out } = terminal;
    const found = await allSchedules(platform.storage.schedules, text('workflow'));
    if (flag('ids')) {
      for (const { id } of found) out.line(id);
      return exitCodes.success;
    }
    const listed: Listed[] = [];
    for (const record of found) {
      const { next } = await platform.schedules.explain(record.id, { count: 1 });
      listed.push({ ...record, ...(next[0] && { next: next[0].at }) });
    }
    if (flag('json')) out.line(JSON.stringify(listed, null, 2));
    else writeRows(listed, text('workflow'), terminal);
    return exitCodes.success;
  });

function writeRows(
  found: readonly Listed[],
  workflow: string | undefined,
  { out, err, symbols }: Terminal,
): void {
  if (found.length === 0) {
    const whose = workflow === undefined ? '' : ` of a stored workflow "${safe(workflow)}"`;
    const how = 'They come with stored workflows that have a schedule among their triggers.';
    return err.line(err.style.dim(`There are no schedules${whose}. ${how}`));
  }
  const now = Date.now();
  const shown = (next = ''): string => (out.isTTY && next !== '' ? ago(Date.parse(next), now) : next);
  const rows = found.map(({ id, workflow_id, schedule, timezone, paused, next }) => [
    out.style.bold(safe(id)),
    safe(workflow_id),
    safe(schedule),
    safe(timezone),
    paused ? out.style.yellow(`${symbols.waiting} paused`) : out.style.green(`${symbols.success} active`),
    paused ? '' : shown(next),
  ]);
  const columns = ['ID', 'WORKFLOW', 'SCHEDULE', 'ZONE', 'STATE', 'NEXT'];
  writeTable(
    columns.map((title) => ({ title, flexible: title === 'WORKFLOW' })),
    rows,
    out,
  );
}
