import type { ExecutionObserver } from '@vwmp/core';
import type { Registry } from './registry.ts';
import type { MetricName } from './specs.ts';

/** So many executions that have not ended are remembered, to tell how long they took. */
const most = 10_000;

/** Counts what happens to the executions that a process works on. */
export function createMetricsObserver(registry: Registry<MetricName>): {
  observer: ExecutionObserver;
  active(): number;
} {
  /** When they began, in milliseconds; the oldest first. */
  const begun = new Map<string, number>();

  const settled = (status: string, milliseconds: number): void => {
    registry.add('steps_total', { status });
    registry.observe('step_seconds', { status }, milliseconds / 1000);
    registry.observe('op_latency_ms', { surface: 'step', impl: 'js', module: status }, milliseconds);
  };

  const observer: ExecutionObserver = {
    onWorkflowStarted({ execution_id, timestamp }) {
      registry.add('executions_started_total', {});
      begun.set(execution_id, Date.parse(timestamp));
      if (begun.size > most) begun.delete(begun.keys().next().value!);
    },
    onWorkflowCompleted({ execution_id, status, timestamp }) {
      registry.add('executions_total', { status });
      const since = begun.get(execution_id);
      if (since === undefined) return;
      begun.delete(execution_id);
      registry.observe('execution_seconds', { status }, (Date.parse(timestamp) - since) / 1000);
    },
    onStepCompleted: ({ status, duration_ms }) => settled(status, duration_ms),
    onStepFailed: ({ status, duration_ms }) => settled(status, duration_ms),
    onStepCancelled: ({ status, duration_ms }) => settled(status, duration_ms),
    onStepSkipped: ({ status }) => registry.add('steps_total', { status }),
    onStepRetrying: () => registry.add('step_retries_total', {}),
  };
  return { observer, active: () => begun.size };
}
