import type { Execution, ExecutionEvent, JsonValue, Wait } from '@vwmp/core';
import { RotateCcw } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { LogEntry } from '../backend.ts';
import { Button } from '../style/index.ts';
import { ApprovalForm, type ApprovalFormProps } from './approval-form.tsx';
import type { RunHistory } from './attempts.ts';
import { ErrorBox } from './error-box.tsx';
import { isTakenOver, stepLength } from './execution-graph.tsx';
import { lengthText, momentText } from './format.ts';
import { Logs } from './logs.tsx';
import type { KnownLogs } from './read-logs.ts';
import { StatusBadge } from './status.tsx';
import { StepInputSection } from './step-input-section.tsx';
import { waitText } from './timeline.tsx';
import { ValueTree } from './value-tree.tsx';

export interface StepDetailsProps {
  id: string;
  handler: string;
  /** Undefined where it is not known what was executed. */
  document: JsonValue | undefined;
  execution: Execution;
  events: readonly ExecutionEvent[];
  runs: readonly RunHistory[];
  logs: KnownLogs;
  readAll: () => Promise<readonly LogEntry[]>;
  now: number;
  onDecide: (
    step: string,
    decision: Parameters<ApprovalFormProps['onDecide']>[0],
    asked: number | undefined,
  ) => Promise<void>;
  /** Undefined when it cannot be retried now. */
  onRetryFrom: (() => void) | undefined;
  isRetrying: boolean;
}

const reasons = {
  condition: 'Its condition was false.',
  disabled: 'It is disabled.',
  upstream_failed: 'A step that it depends on failed.',
  upstream_skipped: 'A step that it depends on was skipped.',
  cancelled: 'The execution was cancelled before it began.',
} as const;

/** So many failed attempts are shown until more are wanted. */
const shownFailures = 20;

/** Everything that is known of one step of an execution. */
export function StepDetails(props: StepDetailsProps): ReactNode {
  const { id, handler, document, execution, events, runs, logs, now } = props;
  const { readAll, onDecide, onRetryFrom, isRetrying } = props;
  const step = execution.steps[id] ?? { status: 'pending' as const, attempts: 0 };
  const waits = useMemo(() => openWaits(runs, id), [runs, id]);
  const failures = useMemo(() => failedAttempts(events, id), [events, id]);
  const [most, setMost] = useState(shownFailures);
  const length = stepLength(step, now, execution);
  const own = useMemo(
    () => ({ ...logs, lines: logs.lines.filter(({ step_id }) => step_id === id) }),
    [logs, id],
  );
  return (
    <div className="vw-step-details">
      <header>
        <h2 className="vw-truncate" title={id} dir="auto">
          {id}
        </h2>
        <StatusBadge status={step.status} />
      </header>
      <dl className="vw-facts">
        <div>
          <dt>Handler</dt>
          <dd className="vw-code">{handler}</dd>
        </div>
        {step.started_at && (
          <div>
            <dt>Began</dt>
            <dd>{momentText(step.started_at)}</dd>
          </div>
        )}
        {length !== undefined && (
          <div>
            <dt>{step.completed_at ? 'Took' : step.status === 'waiting' ? 'Waiting for' : 'Running for'}</dt>
            <dd>{lengthText(length)}</dd>
          </div>
        )}
        {step.attempts > 0 && (
          <div>
            <dt>Attempts</dt>
            <dd>{step.attempts}</dd>
          </div>
        )}
        {step.port && (
          <div>
            <dt>Port</dt>
            <dd className="vw-code">{step.port}</dd>
          </div>
        )}
      </dl>
      {isTakenOver(step, execution) && (
        <p className="vw-muted">It ran in the execution that this one goes on from.</p>
      )}
      {step.reason && <p className="vw-muted">{reasons[step.reason]}</p>}
      {step.status !== 'success' &&
        waits.map(({ index, wait, asked }) =>
          wait.kind === 'approval' ? (
            <ApprovalForm
              key={`${index ?? ''}:${asked}`}
              prompt={wait.prompt}
              form={wait.form}
              onDecide={(decision) => onDecide(index === undefined ? id : `${id}:${index}`, decision, asked)}
            />
          ) : (
            <p key={index ?? ''} className="vw-note">
              Waits for {waitText(wait)}
              {wait.kind === 'timer' && `, until ${momentText(wait.until)}`}.
            </p>
          ),
        )}
      {step.error && step.status !== 'success' && <ErrorBox error={step.error} />}
      {onRetryFrom && (
        <div className="vw-row">
          <Button
            size="s"
            needs="executor"
            icon={<RotateCcw size={14} />}
            busy={isRetrying}
            onClick={onRetryFrom}
          >
            Run again from here
          </Button>
        </div>
      )}
      {failures.length > 0 && (
        <section>
          <h3>Failed attempts</h3>
          <ol className="vw-attempts">
            {failures.slice(0, most).map(({ attempt, index, at, message }) => (
              <li key={`${index ?? ''}:${attempt}:${at}`}>
                <span className="vw-muted">
                  {index === undefined ? '' : `Item ${index}, `}attempt {attempt}, {momentText(at)}
                </span>
                <bdi>{message}</bdi>
              </li>
            ))}
          </ol>
          {failures.length > most && (
            <Button size="s" kind="quiet" onClick={() => setMost(most + shownFailures)}>
              Show more of {failures.length - most}
            </Button>
          )}
        </section>
      )}
      {document !== undefined && step.started_at !== undefined && (
        <StepInputSection document={document} execution={execution} step={id} />
      )}
      {step.output !== undefined && (
        <section>
          <h3>Output</h3>
          <ValueTree value={step.output} label="Output" />
        </section>
      )}
      {own.lines.length > 0 && (
        <section>
          <h3>Log</h3>
          <Logs logs={own} id={execution.id} step={id} readAll={readAll} />
        </section>
      )}
    </div>
  );
}

/** What a step waits for now; in a foreach, each of its items. */
export function openWaits(
  runs: readonly RunHistory[],
  id: string,
): { index: number | undefined; wait: Wait; asked: number | undefined }[] {
  return runs.flatMap(({ step_id, index, spans }) => {
    const last = spans.at(-1);
    return step_id === id && last?.kind === 'wait' && last.to === undefined && last.wait
      ? [{ index, wait: last.wait, asked: last.seq }]
      : [];
  });
}

function failedAttempts(
  events: readonly ExecutionEvent[],
  id: string,
): { attempt: number; index: number | undefined; at: string; message: string }[] {
  return events.flatMap((event) => {
    // The last one of a step is told above; of an item it is told nowhere else.
    if ((event.event !== 'step_retrying' && event.event !== 'item_failed') || event.step_id !== id) return [];
    const attempt = event.event === 'item_failed' ? event.attempts : event.attempt;
    return [{ attempt, index: event.index, at: event.timestamp, message: event.error.message }];
  });
}
