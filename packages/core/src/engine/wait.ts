import { isoTime } from '../machine/index.ts';
import type { Deadline, Wait } from '../model/event.ts';
import type { Duration } from '../model/workflow.ts';
import type { WaitRequest } from '../plugin/handler.ts';
import { parseDuration } from '../values/duration.ts';
import { parseMoment } from '../values/moment.ts';
import type { PayloadGuard } from './payload.ts';
import { permanent } from './permanent.ts';

/**
 * Turns what a handler asked for into what is recorded: moments instead of durations, and no secrets.
 *
 * @throws CONFIG_INVALID for a duration or moment that cannot be read, OUTPUT_INVALID for a request that is none
 */
export function toWait(request: WaitRequest, host: { now(): number; readonly payload: PayloadGuard }): Wait {
  const { payload } = host;
  const now = host.now();
  switch (request?.kind) {
    case 'timer':
      return {
        kind: 'timer',
        until: isoTime('until' in request ? moment(request.until) : now + duration(request.duration)),
      };
    case 'signal':
      return { kind: 'signal', signal: text(request.signal, payload), ...deadline(request.timeout, now) };
    case 'approval': {
      const form = request.form === undefined ? {} : { form: payload.clean(request.form) };
      const prompt = text(request.prompt, payload);
      return { kind: 'approval', prompt, ...form, ...deadline(request.timeout, now) };
    }
    case 'child':
      return {
        kind: 'child',
        // Made by the engine: a short secret that occurs in it must not make it the id of none.
        execution_id: name(request.execution_id),
        ...deadline(request.timeout, now),
      };
    default:
      throw permanent('OUTPUT_INVALID', 'A handler asked to wait for something unknown.');
  }
}

function text(given: string, payload: PayloadGuard): string {
  return payload.text(name(given));
}

function name(given: string): string {
  if (typeof given === 'string') return given;
  throw permanent('OUTPUT_INVALID', `A handler asked to wait for a ${typeof given}, not for a name.`);
}

function deadline(timeout: Duration | undefined, now: number): { deadline?: Deadline } {
  return timeout === undefined
    ? {}
    : { deadline: { at: isoTime(now + duration(timeout)), code: 'WAIT_TIMEOUT' } };
}

function duration(text: Duration): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw permanent('CONFIG_INVALID', `"${text}" is no duration. Write it like 250ms, 10s, 5m, 2h or 1d.`);
}

function moment(text: string): number {
  const milliseconds = parseMoment(text);
  if (milliseconds !== undefined) return milliseconds;
  const message = `"${text}" is no moment in ISO 8601 with its zone. Write it like 2030-01-31T08:00:00Z.`;
  throw permanent('CONFIG_INVALID', message);
}
