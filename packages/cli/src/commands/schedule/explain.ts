import type { ScheduleExplanation, ShownInstant } from '@vwmp/core/platform';
import { type Command, exitCodes } from '../../cli/command.ts';
import { readNumber } from '../../cli/read-number.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { findSchedule } from '../../schedules/find-schedule.ts';
import { ago } from '../../terminal/ago.ts';
import { safe } from '../../terminal/safe.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { pad, width } from '../../terminal/width.ts';

const name = 'schedule explain';

/** `vwmp schedule explain ID`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) => {
  const next = readNumber(text('next'), '--next', name, { least: 0, most: 500 }) ?? 5;
  const last = readNumber(text('last'), '--last', name, { least: 0, most: 500 }) ?? 10;
  return withPlatform('read', terminal, async ({ platform }) => {
    const { id } = await findSchedule(platform.storage.schedules, given);
    const whole = await platform.schedules.explain(id, { count: Math.max(next, last, 1) });
    const explanation = { ...whole, next: whole.next.slice(0, next), last: whole.last.slice(0, last) };
    if (flag('json')) terminal.out.line(JSON.stringify(explanation, null, 2));
    else show(explanation, { next: next > 0, last: last > 0 }, terminal);
    return exitCodes.success;
  });
};

const overlaps = {
  skip: 'starts nothing while the execution before has not ended',
  queue: 'starts one after the other',
  allow: 'starts whatever else runs',
};
const catchups = {
  none: 'times that nobody was there for are missed',
  last: 'of the times that nobody was there for, the last one starts',
  all: 'all times that nobody was there for start',
};

function show(
  { schedule, now, next, due, last }: ScheduleExplanation,
  asked: { next: boolean; last: boolean },
  { out, symbols }: Terminal,
): void {
  const { style } = out;
  const state = schedule.paused
    ? style.yellow(`${symbols.waiting} paused`)
    : style.green(`${symbols.success} active`);
  out.line(`${style.bold(safe(schedule.id))}  ${state}`);
  const facts = [
    ['workflow', safe(schedule.workflow_id)],
    ['schedule', `${safe(schedule.schedule)}  ${style.dim(safe(schedule.timezone))}`],
    ['overlap', `${schedule.overlap}  ${style.dim(overlaps[schedule.overlap])}`],
    ['catchup', `${schedule.catchup}  ${style.dim(catchups[schedule.catchup])}`],
  ];
  for (const [key = '', value = ''] of facts) out.line(`  ${style.dim(key.padEnd(8))}  ${value}`);

  const at = Date.parse(now);
  const all = [...next, ...due, ...last];
  const widest = Math.max(0, ...all.map(({ local }) => width(local)));
  const line = (sign: string, instant: ShownInstant, more: string): void => {
    const { at: utc, local, note } = instant;
    out.line(`  ${sign} ${utc}  ${pad(local, widest)}  ${more}`.trimEnd());
    if (note !== undefined) out.line(`      ${style.yellow(safe(note))}`);
  };

  const paused = schedule.paused ? style.yellow('  nothing starts while it is paused') : '';
  if (asked.next) out.line(`\n${style.bold('Next')}${paused}`);
  if (asked.next && next.length === 0) out.line(style.dim('  never'));
  for (const instant of next)
    line(style.dim(symbols.dot), instant, style.dim(ago(Date.parse(instant.at), at)));

  if (due.length > 0) out.line(`\n${style.bold('Due')}  ${style.dim('decided as soon as a worker runs')}`);
  for (const { outcome, reason, ...instant } of due)
    line(style.yellow(symbols.waiting), instant, `${outcome}  ${style.dim(safe(reason))}`);

  if (asked.last) out.line(`\n${style.bold('Last')}`);
  if (asked.last && last.length === 0) out.line(style.dim('  none yet'));
  for (const { outcome, reason, execution_id, ...instant } of last) {
    const sign = outcome === 'started' ? style.green(symbols.success) : style.yellow(symbols.skipped);
    const why = reason === undefined ? '' : `  ${style.dim(safe(reason))}`;
    const execution = execution_id === undefined ? '' : `  ${execution_id}`;
    line(sign, instant, `${outcome}${execution}${why}`);
  }
}
