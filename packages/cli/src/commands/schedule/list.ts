import type { ScheduleRecord } from '@vwmp/core';
import { type Command, exitCodes } from '../../cli/command.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { allSchedules } from '../../schedules/find-schedule.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** `vwmp schedule list`. */
export const command: Command = async ({ flag, text, terminal }) =>
  withPlatform('read', terminal, async ({ platform }) => {
    const { out } = terminal;
    const found = await allSchedules(platform.storage.schedules, text('workflow'));
    if (flag('json')) out.line(JSON.stringify(found, null, 2));
    else if (flag('ids')) for (const { id } of found) out.line(id);
    else writeRows(found, terminal);
    return exitCodes.success;
  });

function writeRows(found: readonly ScheduleRecord[], { out, err, symbols }: Terminal): void {
  if (found.length === 0) {
    const how = 'They come with stored workflows that have a schedule among their triggers.';
    return err.line(err.style.dim(`There are no schedules. ${how}`));
  }
  const rows = found.map(({ id, workflow_id, schedule, timezone, paused, decided_until }) => [
    out.style.bold(safe(id)),
    safe(workflow_id),
    safe(schedule),
    safe(timezone),
    paused ? out.style.yellow(`${symbols.waiting} paused`) : out.style.green(`${symbols.success} active`),
    decided_until,
  ]);
  const columns = ['ID', 'WORKFLOW', 'SCHEDULE', 'ZONE', 'STATE', 'DECIDED UNTIL'];
  writeTable(
    columns.map((title) => ({ title, flexible: title === 'WORKFLOW' })),
    rows,
    out,
  );
}
