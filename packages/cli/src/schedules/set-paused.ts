import { type Command, exitCodes } from '../cli/command.ts';
import { noteChange } from '../platform/note-change.ts';
import { withPlatform } from '../platform/with-platform.ts';
import { safe } from '../terminal/safe.ts';
import { findSchedule } from './find-schedule.ts';

/** `vwmp schedule pause ID` and `vwmp schedule resume ID`. */
export function setPaused(verb: 'pause' | 'resume'): Command {
  return async ({ operands: [given = ''], flag, terminal }) =>
    withPlatform('send', terminal, async ({ platform }) => {
      const before = await findSchedule(platform.storage.schedules, given);
      const record = await platform.schedules[verb](before.id);
      await noteChange(platform.storage.audit, terminal, `schedule.${verb}d`, record.id);
      const { out, symbols } = terminal;
      if (flag('json')) out.line(JSON.stringify(record, null, 2));
      else {
        const same = before.paused === record.paused ? ' already' : '';
        const now = record.paused
          ? `is${same} paused: it starts nothing until "vwmp schedule resume ${safe(record.id)}"`
          : `is${same} active; what was to start while it was paused counts as missed`;
        out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(record.id))} ${now}`);
      }
      return exitCodes.success;
    });
}
