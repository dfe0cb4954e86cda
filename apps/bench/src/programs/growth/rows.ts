import { createHash } from 'node:crypto';
import type { JsonObject } from '@vwmp/core';

/** A second for each execution, the last one at the end of 2029. */
const end = Date.UTC(2030, 0, 1);
/** So few that each has a full page among a thousand executions: more rows take longer, whatever there is besides. */
export const workflows = 20;

/**
 * Executions as they lie in the table, like those of a year: of twenty workflows, nine of ten successful, and some that
 * failed with an error in words. The same `n` gives the same one, counted from the newest.
 */
export function executionRow(n: number): JsonObject {
  const chance = Number.parseInt(idOf(n).slice(-6), 16) / 0x1000000;
  const status =
    chance < 0.9 ? 'success' : chance < 0.95 ? 'failed' : chance < 0.98 ? 'cancelled' : 'waiting';
  const started = end - n * 1000;
  const failed = status === 'failed';
  // One word that all failures have, and one that stands for what somebody looks for.
  const message = `The server of supplier s${n % 50_000} refused the connection`;
  return {
    id: idOf(n),
    workflow_id: workflowOf(n),
    workflow_version: '1.0.0',
    status,
    started_at: started,
    completed_at: status === 'waiting' ? null : started + 900,
    error_code: failed ? 'HANDLER_FAILED' : null,
    error_message: failed ? message : null,
    error_words: failed ? message.toLowerCase() : null,
    epoch: 1,
    document_hash: documentHash,
    owner: null,
    wake_at: null,
    ready_since: null,
    inbox: 0,
    idempotency_key: null,
    parent_id: null,
    concurrency_key: null,
    concurrency_limit: null,
    turn: null,
    folded_id: null,
    origin: null,
  };
}

/** When an execution began, ISO 8601. */
export function startOf(n: number): string {
  return new Date(end - n * 1000).toISOString();
}

export function idOf(n: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, 24);
}

export function workflowOf(n: number): string {
  return `workflow-${String(n % workflows).padStart(3, '0')}`;
}

export const documentBody = '{"name":"Grown","steps":[{"id":"a","handler":"core.set","config":{"value":1}}]}';
export const documentHash: string = createHash('sha256').update(documentBody).digest('hex');
