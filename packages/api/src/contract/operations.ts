/** Where the paths of the API begin; the paths below are relative to it. */
export const basePath = '/api/vwmp';

/**
 * Every operation by name: its method and path. Server, OpenAPI document and client are made from this one table.
 * A path works with and without its final slash.
 */
export const operations = {
  listWorkflows: 'GET /workflows/',
  createWorkflow: 'POST /workflows/',
  validateWorkflow: 'POST /workflows/validate/',
  readWorkflow: 'GET /workflows/{workflow_id}/',
  replaceWorkflow: 'PUT /workflows/{workflow_id}/',
  deleteWorkflow: 'DELETE /workflows/{workflow_id}/',
  listVersions: 'GET /workflows/{workflow_id}/versions/',
  readVersion: 'GET /workflows/{workflow_id}/versions/{rev}/',
  executeWorkflow: 'POST /workflows/{workflow_id}/execute/',
  listExecutions: 'GET /executions/',
  startExecution: 'POST /executions/',
  readExecution: 'GET /executions/{execution_id}/',
  readExecutionDocument: 'GET /executions/{execution_id}/document/',
  cancelExecution: 'POST /executions/{execution_id}/cancel/',
  retryExecution: 'POST /executions/{execution_id}/retry/',
  sendSignal: 'POST /executions/{execution_id}/signals/{name}/',
  listExecutionApprovals: 'GET /executions/{execution_id}/approvals/',
  readApproval: 'GET /executions/{execution_id}/approvals/{step}/',
  decideApproval: 'POST /executions/{execution_id}/approvals/{step}/',
  listEvents: 'GET /executions/{execution_id}/events/',
  listLogs: 'GET /executions/{execution_id}/logs/',
  listApprovals: 'GET /approvals/',
  listHandlers: 'GET /step-handlers/',
  readHandler: 'GET /step-handlers/{path}/',
  readHandlerSchema: 'GET /step-handlers/{path}/schema/',
  listWorkflowTypes: 'GET /workflow-types/',
  readWorkflowType: 'GET /workflow-types/{name}/',
  listSecrets: 'GET /secrets/',
  listQueues: 'GET /queues/',
  readQueue: 'GET /queues/{name}/',
  pauseQueue: 'POST /queues/{name}/pause/',
  resumeQueue: 'POST /queues/{name}/resume/',
  listDeadLetters: 'GET /queues/{name}/dead/',
  discardDeadLetter: 'DELETE /queues/{name}/dead/{task}/',
  retryDeadLetter: 'POST /queues/{name}/dead/{task}/retry/',
  listSchedules: 'GET /schedules/',
  readSchedule: 'GET /schedules/{schedule_id}/',
  updateSchedule: 'PUT /schedules/{schedule_id}/',
  deleteSchedule: 'DELETE /schedules/{schedule_id}/',
  listAudit: 'GET /audit/',
  readCaller: 'GET /me/',
  listKeys: 'GET /keys/',
  createKey: 'POST /keys/',
  revokeKey: 'POST /keys/{key_id}/revoke/',
} as const;

export type OperationName = keyof typeof operations;

/** What is sent as a header, by the name of the input of the client. */
export const headerInputs = {
  if_match: 'If-Match',
  if_none_match: 'If-None-Match',
  idempotency_key: 'Idempotency-Key',
} as const;

/** Splits an entry of {@link operations}. */
export function splitOperation(name: OperationName): { method: string; path: string } {
  const [method = '', path = ''] = operations[name].split(' ');
  return { method, path: `${basePath}${path}` };
}
