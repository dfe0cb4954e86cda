import type { Logger, LogLevel } from '@vwmp/core';
import type { AnsweredRequest } from '../app/app.ts';

/**
 * Writes a request to the log: who was refused as information, all else for those who look closely (`VWMP_LOG_LEVEL=debug`), also
 * what failed here, of which the log has what failed already, with the same id. Only the pattern of the path is written: paths and queries hold what people named.
 */
export function logRequest(logger: Logger | undefined, request: AnsweredRequest): void {
  if (!logger) return;
  const { method, route, status, seconds, requestId, actor } = request;
  logger.log(levelOf(status), 'A request was answered.', {
    request_id: requestId,
    method,
    route,
    status,
    duration_ms: Math.round(seconds * 100_000) / 100,
    ...(actor !== undefined && { actor }),
  });
}

function levelOf(status: number): LogLevel {
  return status === 401 || status === 403 || status === 429 ? 'info' : 'debug';
}
