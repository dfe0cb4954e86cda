import { VwmpError } from '@vwmp/core';

/** What an error tells about an answer. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Beginning of the body, as text. */
  readonly body: string;
  readonly retryAfter: string | undefined;
  /** Where a redirect that was not followed leads; without its query. */
  readonly location?: string;
}

/** True when a status is among those that count as success: numbers, or classes such as `2xx`. */
export function isAccepted(status: number, ok: readonly (number | string)[]): boolean {
  return ok.some((entry) => entry === status || entry === `${Math.floor(status / 100)}xx`);
}

/** The error for a status that is no success. */
export function statusError(what: string, refusal: Refusal): VwmpError {
  const { status, reason, body, location } = refusal;
  const { code, retryable } = classify(status, location);
  const retryAfter = seconds(refusal.retryAfter);
  const answered = `${what} answered ${status}${reason === '' ? '' : ` ${reason}`}`;
  const message =
    location === undefined ? `${answered}.` : `${answered}, to ${location}, and redirects are turned off.`;
  return new VwmpError(code, message, {
    retryable,
    details: { status, body, ...(retryAfter !== undefined && { retry_after: retryAfter }) },
  });
}

function classify(status: number, location: string | undefined): { code: string; retryable: boolean } {
  if (location !== undefined) return { code: 'HTTP_REDIRECTS', retryable: false };
  // 408: the server gave up waiting for us, 429: it wants us to come later. Both ask for another attempt.
  if (status === 429 || status === 408) return { code: 'HTTP_TOO_MANY_REQUESTS', retryable: true };
  if (status >= 500) return { code: 'HTTP_SERVER_ERROR', retryable: status !== 501 && status !== 505 };
  if (status >= 400) return { code: 'HTTP_CLIENT_ERROR', retryable: false };
  return { code: 'HTTP_STATUS_UNEXPECTED', retryable: false };
}

/** The header Retry-After in seconds: it holds a number of them, or a date. */
function seconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
