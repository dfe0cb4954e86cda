import { VwmpError } from '../errors.ts';
import { isoTime } from '../machine/index.ts';
import type { Deadline, Wait } from '../model/event.ts';
import type { Duration } from '../model/workflow.ts';
import type { WaitRequest } from '../plugin/handler.ts';
import { parseDuration } from '../values/duration.ts';

/**
 * Turns what a handler asked for into what is recorded: moments instead of durations.
 *
 * @throws CONFIG_INVALID for a duration or moment that cannot be read
 */
export function toWait(request: WaitRequest, now: number): Wait {
  switch (request.kind) {
    case 'timer':
      return {
        kind: 'timer',
        until: isoTime('until' in request ? moment(request.until) : now + duration(request.duration)),
      };
    case 'signal':
      return { kind: 'signal', signal: request.signal, ...deadline(request.timeout, now) };
    case 'approval': {
      const form = request.form === undefined ? {} : { form: request.form };
      return { kind: 'approval', prompt: request.prompt, ...form, ...deadline(request.timeout, now) };
    }
    case 'child':
      return { kind: 'child', execution_id: request.execution_id, ...deadline(request.timeout, now) };
  }
}

function deadline(timeout: Duration | undefined, now: number): { deadline?: Deadline } {
  return timeout === undefined
    ? {}
    : { deadline: { at: isoTime(now + duration(timeout)), code: 'WAIT_TIMEOUT' } };
}

function duration(text: Duration): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new VwmpError('CONFIG_INVALID', `"${text}" is no duration. Write it like 250ms, 10s, 5m, 2h or 1d.`, {
    retryable: false,
  });
}

function moment(text: string): number {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new VwmpError('CONFIG_INVALID', `"${text}" is no moment in ISO 8601.`, { retryable: false });
}
