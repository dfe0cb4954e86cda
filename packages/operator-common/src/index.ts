export { auditedKey, hiddenKey } from './audited-key.ts';
export { checkIdle } from './check-idle.ts';
export { decideOnce, isDecisionOf } from './decide-once.ts';
export { isQueueName, lookAt, type QueueLook, queueNames } from './queue-look.ts';
export { runName } from './run-name.ts';
