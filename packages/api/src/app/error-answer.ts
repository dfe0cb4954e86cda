import { toErrorInfo, VwmpError } from '@vwmp/core';
import type { ErrorAnswer } from '../contract/wire.ts';
import { statuses } from './statuses.ts';

/** An error as it is answered. */
export interface AnsweredError {
  status: number;
  body: ErrorAnswer;
  headers: Record<string, string>;
  /** True when the answer hides what it was: the log should have it. */
  unexpected: boolean;
}

/**
 * Maps what was thrown to an answer. An error that has no place in the table says nothing of itself: it could hold a
 * path, a query or worse.
 */
export function answerError(thrown: unknown, requestId: string): AnsweredError {
  const { code, message, details } = toErrorInfo(thrown);
  const status = Object.hasOwn(statuses, code) ? statuses[code]! : 500;
  if (status === 500) {
    const error = {
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong here. The log has more under this request id.',
      request_id: requestId,
    };
    return { status, body: { error }, headers: {}, unexpected: true };
  }
  const hidden = status >= 503;
  const error = {
    code,
    message: hidden
      ? `${unavailable[code] ?? 'A part of the service cannot be reached.'} Try again later.`
      : message,
    ...(details !== undefined && !hidden && { details }),
    request_id: requestId,
  };
  return { status, body: { error }, headers: headersOf(thrown, status), unexpected: hidden };
}

/** Messages of drivers name hosts and files. */
const unavailable: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'The store cannot be reached or written.',
  STORE_FULL: 'The store has no room left.',
  QUEUE_UNAVAILABLE: 'The queue cannot be reached.',
  QUEUE_FULL: 'The queue is full.',
  BUS_UNAVAILABLE: 'The event bus cannot be reached.',
  ENGINE_CLOSED: 'The service is shutting down.',
  CLOSED: 'The service is shutting down.',
};

function headersOf(thrown: unknown, status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  if (status !== 429 && status !== 503) return {};
  const after = (thrown as { details?: { retry_after?: unknown } }).details?.retry_after;
  return { 'retry-after': String(typeof after === 'number' ? Math.max(1, Math.ceil(after)) : 1) };
}

/** An error of a request that cannot be understood. */
export function requestInvalid(message: string, details?: unknown): VwmpError {
  return new VwmpError('REQUEST_INVALID', message, { details, retryable: false });
}

/** An error that another try cannot help. */
export function refuse(code: string, message: string, details?: unknown): VwmpError {
  return new VwmpError(code, message, { details, retryable: false });
}
