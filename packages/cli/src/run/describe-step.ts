import type { Wait } from '@vwmp/core';
import { elapsed, ongoing } from '../terminal/elapsed.ts';
import type { Style } from '../terminal/palette.ts';
import { safe } from '../terminal/safe.ts';
import type { BoardStep } from './board.ts';
import type { FrameOptions } from './frame.ts';

/** How a step looks: its sign, the colour of that, and what is said after its name. */
export interface StepLook {
  symbol: string;
  colour: Style;
  text: string;
}

const barWidth = 16;

export function describeStep(step: BoardStep, options: FrameOptions): StepLook {
  const { symbols, spinner, now } = options;
  const { style } = options.output;
  const time =
    step.startedAt === undefined
      ? ''
      : style.dim(
          step.endedAt === undefined ? ongoing(now - step.startedAt) : elapsed(step.endedAt - step.startedAt),
        );
  const say = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join('  ');
  const attempts = step.attempt > 1 ? style.yellow(`attempt ${step.attempt}`) : undefined;
  switch (step.status) {
    case 'pending': {
      const after = step.after?.length ? style.dim(`after ${step.after.join(', ')}`) : '';
      return { symbol: symbols.pending, colour: 'dim', text: after };
    }
    case 'running':
      if (step.ready) {
        const text = say(style.yellow('ready, and no worker has it'), attempts, bar(step, options));
        return { symbol: symbols.pending, colour: 'yellow', text };
      }
      if (step.dueAt !== undefined && step.dueAt > now) {
        const next = `${step.error ? `retry after ${step.error.code}` : 'again'} in ${ongoing(step.dueAt - now)}`;
        return {
          symbol: symbols.waiting,
          colour: 'yellow',
          text: say(time, style.yellow(next), iterations(step, options)),
        };
      }
      return {
        symbol: spinner,
        colour: 'cyan',
        text: say(time, attempts, iterations(step, options), bar(step, options)),
      };
    case 'waiting':
      return {
        symbol: symbols.waiting,
        colour: 'yellow',
        text: say(time, style.yellow(step.wait ? waitReason(step.wait, now) : 'waiting'), bar(step, options)),
      };
    case 'success': {
      const tries = step.attempt > 1 ? style.yellow(`${step.attempt} attempts`) : undefined;
      const port = step.port === undefined ? undefined : style.dim(`${symbols.arrow} ${safe(step.port)}`);
      const undone = step.compensated ? style.yellow('undone') : undefined;
      const items = step.items ? style.dim(`${step.items.total} items`) : undefined;
      return { symbol: symbols.success, colour: 'green', text: say(time, items, tries, port, undone) };
    }
    case 'failed': {
      const tries = step.attempt > 1 ? `${step.attempt} attempts` : undefined;
      const error = step.error ? style.red(`${step.error.code} ${safe(step.error.message)}`) : undefined;
      return { symbol: symbols.failed, colour: 'red', text: say(time, tries, error) };
    }
    case 'skipped':
      return {
        symbol: symbols.skipped,
        colour: 'dim',
        text: style.dim(`skipped: ${reasons[step.reason ?? 'condition']}`),
      };
    case 'cancelled':
      return { symbol: symbols.cancelled, colour: 'yellow', text: say(time, style.yellow('cancelled')) };
  }
}

const reasons = {
  condition: 'its condition is false',
  disabled: 'disabled',
  upstream_failed: 'a step before it failed',
  upstream_skipped: 'a step before it was skipped',
  cancelled: 'cancelled',
};

function waitReason(wait: Wait, now: number): string {
  const left = wait.deadline ? ` (for another ${ongoing(Date.parse(wait.deadline.at) - now)})` : '';
  switch (wait.kind) {
    case 'timer':
      return `sleeps for ${ongoing(Date.parse(wait.until) - now)}`;
    case 'signal':
      return `waits for the signal "${safe(wait.signal)}"${left}`;
    case 'approval':
      return `waits for approval: ${safe(wait.prompt)}${left}`;
    case 'child':
      return `runs another workflow${left}`;
    case 'task':
      return `waits for a worker of the queue "${safe(wait.queue)}"${left}`;
  }
}

function iterations({ iteration }: BoardStep, { output: { style } }: FrameOptions): string | undefined {
  return iteration === undefined ? undefined : style.dim(`round ${iteration + 1}`);
}

/** Of the items of a foreach, or of what the handler tells. */
function bar(
  { items, progress }: BoardStep,
  { output: { style }, symbols }: FrameOptions,
): string | undefined {
  const share = items
    ? (items.completed + items.failed) / Math.max(1, items.total)
    : (progress?.percentage ?? 0) / 100;
  if (!items && !progress) return undefined;
  const full = Math.round(share * barWidth);
  const drawn = `${style.cyan(symbols.bar[0].repeat(full))}${style.dim(symbols.bar[1].repeat(barWidth - full))}`;
  const failed = items?.failed ? style.red(` ${items.failed} failed`) : '';
  const count = items
    ? `${items.completed + items.failed}/${items.total}${failed}`
    : `${Math.round(share * 100)}%`;
  const message = progress?.message ? ` ${style.dim(safe(progress.message))}` : '';
  return `${drawn} ${count}${message}`;
}
