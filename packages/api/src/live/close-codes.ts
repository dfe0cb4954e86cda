import { hasCode } from '@vwmp/core';
import { answerError } from '../app/error-answer.ts';

/** Why a socket is closed. Those of errors are 4000 and the HTTP status that the API answers such an error with. */
export const closeCodes = {
  /** The execution has ended and every event was sent. */
  completed: 1000,
  /** The server ends: connect again, after the number in the reason. */
  goingAway: 1001,
  /** Only text is understood. */
  unsupported: 1003,
  /** Too many messages, or one that makes no sense. */
  policy: 1008,
  /** Something went wrong here; the log has more. */
  internal: 1011,
  /** A store or queue cannot be reached: connect again later. */
  tryAgainLater: 1013,
  unauthorised: 4401,
  forbidden: 4403,
  notFound: 4404,
  /** Events come faster than they are read: connect again, after the number in the reason. */
  slow: 4408,
} as const;

/** How an error closes a socket, and what is sent before. */
export interface Closing {
  code: number;
  /** At most 123 bytes. */
  reason: string;
  /** `{error: {code, message, details, request_id}}`; missing where nothing more can be sent. */
  text?: string;
  /** The log should have it: the client is told nothing of it. */
  unexpected: boolean;
}

export function closingOf(thrown: unknown, requestId: string, position: number | undefined): Closing {
  if (hasCode(thrown, 'FOLLOWER_SLOW')) {
    return { code: closeCodes.slow, reason: resumeReason('too slow', position), unexpected: false };
  }
  if (hasCode(thrown, 'ENGINE_CLOSED') || hasCode(thrown, 'CLOSED')) {
    return { code: closeCodes.goingAway, reason: resumeReason('going away', position), unexpected: false };
  }
  const { status, body, unexpected } = answerError(thrown, requestId);
  const code = status < 500 ? 4000 + status : status === 500 ? closeCodes.internal : closeCodes.tryAgainLater;
  return { code, reason: body.error.code, text: JSON.stringify(body), unexpected };
}

/** Says where a client goes on: `too slow: resume after=17`. */
export function resumeReason(why: string, position: number | undefined): string {
  return position === undefined ? why : `${why}: resume after=${position}`;
}
