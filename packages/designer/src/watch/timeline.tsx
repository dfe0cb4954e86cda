import { type ReactNode, useMemo } from 'react';
import type { RunHistory, Span } from './attempts.ts';
import { lengthText } from './format.ts';

export interface TimelineProps {
  runs: readonly RunHistory[];
  /** Ids of the steps, in the order of the document. */
  steps: readonly string[];
  startedAt: string;
  /** Undefined while it goes on. */
  completedAt: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** So many rows are drawn; the rest is counted. */
const mostRows = 400;

/** Steps and their attempts against the time, one row for each run. */
export function Timeline(props: TimelineProps): ReactNode {
  const { steps, startedAt, completedAt, now, selected, onSelect } = props;
  const runs = useMemo(() => sorted(props.runs, steps), [props.runs, steps]);
  const from = Date.parse(startedAt);
  const to = Math.max(completedAt === undefined ? now : Date.parse(completedAt), from + 1);
  const ticks = ticksOf(to - from);
  if (runs.length === 0) return <p className="vw-muted vw-pad">No step has begun.</p>;
  return (
    <div className="vw-timeline">
      <div className="vw-timeline-axis" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${(tick / (to - from)) * 100}%` }}>
            {tick === 0 ? '0' : lengthText(tick)}
          </span>
        ))}
      </div>
      <ol>
        {runs.slice(0, mostRows).map((run) => {
          const key = `${run.step_id}:${run.index ?? ''}`;
          return (
            <li key={key}>
              <button
                type="button"
                className="vw-timeline-row"
                aria-pressed={run.step_id === selected}
                onClick={() => onSelect(run.step_id)}
              >
                <span
                  className="vw-timeline-name vw-truncate"
                  data-item={run.index === undefined ? undefined : ''}
                >
                  {run.index === undefined ? run.step_id : `${run.step_id} [${run.index}]`}
                </span>
                <span className="vw-timeline-track">
                  {ticks.map((tick) => (
                    <i key={tick} style={{ left: `${(tick / (to - from)) * 100}%` }} />
                  ))}
                  {run.spans.map((span, index) => (
                    <Bar
                      key={index}
                      span={span}
                      from={from}
                      to={to}
                      now={completedAt === undefined ? now : to}
                    />
                  ))}
                </span>
                <span className="vw-timeline-length">
                  {lengthText(lengthOf(run, completedAt === undefined ? now : to))}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {runs.length > mostRows && (
        <p className="vw-muted vw-pad">{runs.length - mostRows} more runs are not drawn.</p>
      )}
    </div>
  );
}

function Bar({ span, from, to, now }: { span: Span; from: number; to: number; now: number }): ReactNode {
  const end = span.to ?? now;
  const left = ((span.from - from) / (to - from)) * 100;
  const width = ((end - span.from) / (to - from)) * 100;
  return (
    <b
      data-kind={span.kind}
      data-outcome={span.outcome ?? (span.to === undefined ? 'running' : undefined)}
      style={{ left: `${Math.min(left, 99.6)}%`, width: `${Math.max(width, 0.25)}%` }}
      title={describe(span, end)}
    />
  );
}

function describe({ kind, attempt, from, outcome, error, wait }: Span, end: number): string {
  const length = lengthText(end - from);
  if (kind === 'pause') return `Pause of ${length} before attempt ${attempt + 1}`;
  if (kind === 'wait') return `Waited ${length} for ${waitText(wait)}`;
  return `Attempt ${attempt}: ${length}${outcome ? `, ${outcome}` : ''}${error ? `. ${error.message}` : ''}`;
}

/** What a wait waits for, in a few words. */
export function waitText(wait: Span['wait']): string {
  switch (wait?.kind) {
    case 'timer':
      return 'a time';
    case 'signal':
      return `the signal "${wait.signal}"`;
    case 'approval':
      return 'a decision';
    case 'child':
      return 'another execution';
    case 'task':
      return `a worker of the queue "${wait.queue}"`;
    default:
      return 'something';
  }
}

function lengthOf({ spans }: RunHistory, now: number): number {
  const [first] = spans;
  return first ? Math.max(...spans.map(({ to }) => to ?? now)) - first.from : 0;
}

/** Steps in the order in which they began, items of a foreach below theirs. */
function sorted(runs: readonly RunHistory[], steps: readonly string[]): RunHistory[] {
  const place = new Map(steps.map((id, index) => [id, index]));
  const began = new Map<string, number>();
  for (const { step_id, spans } of runs)
    began.set(step_id, Math.min(began.get(step_id) ?? Number.POSITIVE_INFINITY, spans[0]?.from ?? 0));
  return runs.toSorted(
    (a, b) =>
      began.get(a.step_id)! - began.get(b.step_id)! ||
      (place.get(a.step_id) ?? 0) - (place.get(b.step_id) ?? 0) ||
      (a.index ?? -1) - (b.index ?? -1),
  );
}

/** Up to seven round lengths of time, from 0. */
export function ticksOf(length: number): number[] {
  const units = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const steps = [
    ...units,
    ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
    ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
    ...[1, 2, 4, 6, 12].map((hours) => hours * 3_600_000),
    ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400_000),
  ];
  const step = steps.find((each) => length / each <= 6) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
