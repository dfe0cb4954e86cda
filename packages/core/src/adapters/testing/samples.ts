import type { RecordedEvent, StoredEvent } from '../../model/event.ts';
import type { FinalStatus } from '../../model/execution.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import type { Append, ExecutionSummary } from '../../ports/execution-store.ts';
import type { WorkflowDraft } from '../../ports/workflow-store.ts';

/** 2026-01-01, to which samples add seconds. */
export const epochStart: number = Date.UTC(2026, 0, 1);

/** A time in ISO 8601, so many seconds after {@link epochStart}. */
export function second(seconds: number): string {
  return new Date(epochStart + seconds * 1000).toISOString();
}

const sampleDocument: WorkflowDocument = {
  id: 'sample',
  name: 'Sample',
  steps: [
    {
      id: 'a',
      handler: 'core.set',
      config: { value: 'ä "quoted" \u2028 line\nbreak', list: [1, null, true] },
    },
  ],
};

/** A summary that began at second 0 and still runs. */
function summaryOf(id: string, changes: Partial<ExecutionSummary> = {}): ExecutionSummary {
  return {
    id,
    workflow_id: 'sample',
    workflow_version: '1.0.0',
    status: 'running',
    started_at: second(0),
    ...changes,
  };
}

/** The first append of an execution, which nobody owns and which waits for a message. */
export function creation(id: string, changes: Partial<ExecutionSummary> = {}, epoch = 1): Append {
  const started: RecordedEvent = {
    event: 'workflow_started',
    workflow_id: 'sample',
    workflow_version: '1.0.0',
    parameters: { env: 'prod' },
  };
  const events = [numbered(id, 1, started)];
  const summary = summaryOf(id, changes);
  return { summary, expected_seq: 0, epoch, document: sampleDocument, events, wake_at: null };
}

/** An append of `count` settled steps after `seq`. */
export function progress(id: string, seq: number, count = 1, epoch = 1): Append {
  const events = Array.from({ length: count }, (_, index) => {
    const number = seq + index + 1;
    return numbered(id, number, {
      event: 'step_completed',
      status: 'success',
      step_id: `s${number}`,
      output: { number, text: 'x\r\n"ü"' },
      attempts: 1,
      started_at: second(number),
      duration_ms: 5,
    });
  });
  return { summary: summaryOf(id), expected_seq: seq, epoch, events };
}

/** The append that ends an execution after `seq`, at second `at`. */
export function completion(
  id: string,
  seq: number,
  {
    status = 'success',
    at = 60,
    ...changes
  }: { status?: FinalStatus; at?: number } & Partial<ExecutionSummary> = {},
): Append {
  const events = [numbered(id, seq + 1, { event: 'workflow_completed', status })];
  const summary = summaryOf(id, { ...changes, status, completed_at: second(at) });
  return { summary, expected_seq: seq, epoch: 1, events };
}

/** A document in text, of which everything else is read. */
export function draftOf(id: string, changes: Partial<WorkflowDraft> & { note?: string } = {}): WorkflowDraft {
  const { note = 'a note', name = `Workflow ${id}`, type = 'generic', version = '1.0.0' } = changes;
  const text = [
    `# ${note}`,
    `id: ${id}`,
    `name: ${name}`,
    `type: ${type}`,
    `version: ${version}`,
    'steps:',
    '  - { id: a, handler: core.set }   # kept',
    '',
  ].join('\n');
  return { id, name, type, version, text: changes.text ?? text };
}

function numbered(id: string, seq: number, event: RecordedEvent): StoredEvent {
  return { ...event, execution_id: id, seq, timestamp: second(seq) };
}
