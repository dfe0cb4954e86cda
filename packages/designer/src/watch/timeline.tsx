import { ChevronRight } from 'lucide-react';
import {
  type CSSProperties,
  memo,
  type ReactNode,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Button } from '../style/index.ts';
import type { RunHistory, Span } from './attempts.ts';
import { lengthText } from './format.ts';
import { StatusIcon } from './status.tsx';

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

/** So many steps, and items of a step, are drawn until more are wanted. */
const drawn = 200;
/** Up to so many items are shown without being asked for: of more, so many that failed. */
const few = 5;

/** Steps and their attempts against the time, one row for each run. Many items of a step are folded. */
export function Timeline(props: TimelineProps): ReactNode {
  const { steps, startedAt, completedAt, now, selected, onSelect } = props;
  const groups = useMemo(() => groupsOf(props.runs, steps), [props.runs, steps]);
  const [most, setMost] = useState(drawn);
  const choose = useRef(onSelect);
  choose.current = onSelect;
  const select = useCallback((step: string) => choose.current(step), []);
  const from = Date.parse(startedAt);
  const to = Math.max(completedAt === undefined ? now : Date.parse(completedAt), from + 1);
  const ticks = ticksOf(to - from);
  if (groups.length === 0) return <p className="vw-muted vw-pad">No step has begun.</p>;
  const tickAt = (tick: number): { left: string } => ({ left: `${(tick / (to - from)) * 100}%` });
  return (
    // All bars follow this, and are drawn anew only when something happens to what they stand for.
    <div className="vw-timeline" style={{ '--to': to - from } as CSSProperties}>
      <div className="vw-timeline-axis" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={tickAt(tick)}>
            {tick === 0 ? '0' : lengthText(tick)}
          </span>
        ))}
      </div>
      <div className="vw-timeline-rows">
        <div className="vw-timeline-grid" aria-hidden="true">
          {ticks.map((tick) => (
            <i key={tick} style={tickAt(tick)} />
          ))}
        </div>
        <ol>
          {groups.slice(0, most).map((group) => (
            <StepRows
              key={group.step}
              group={group}
              from={from}
              now={to}
              isSelected={group.step === selected}
              onSelect={select}
            />
          ))}
        </ol>
      </div>
      {groups.length > most && (
        <Button size="s" onClick={() => setMost(most + drawn)}>
          Show more of {groups.length - most} steps
        </Button>
      )}
    </div>
  );
}

interface StepRowsProps {
  group: StepGroup;
  from: number;
  now: number;
  isSelected: boolean;
  onSelect: (step: string) => void;
}

/** A step, and below it the items of its foreach. */
function StepRows({ group, from, now, isSelected, onSelect }: StepRowsProps): ReactNode {
  const { own, items, failed, going } = group;
  const [isOpen, setIsOpen] = useState(false);
  const [most, setMost] = useState(drawn);
  const id = useId();
  const isFolded = items.length > few && !isOpen;
  // Those that failed come first where not all can be seen.
  const inOrder = items.length > few ? [...failed, ...items.filter((run) => !hasFailed(run))] : items;
  const shown = isFolded ? failed.slice(0, few) : inOrder.slice(0, most);
  const row = (run: RunHistory): ReactNode => (
    <Row
      {...{ run, from, isSelected, onSelect }}
      // What has ended stays as it is while the time goes on.
      now={isGoing(run) ? now : 0}
    />
  );
  return (
    <li>
      {row(own)}
      {items.length > few && (
        <button
          type="button"
          className="vw-timeline-fold"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronRight size={14} aria-hidden="true" />
          <span className="vw-hidden">{group.step}: </span>
          <span>
            {own.total !== undefined && own.total > items.length
              ? `${items.length} of ${own.total} items`
              : `${items.length} items`}
            {going > 0 && `, ${going} going on`}
            {failed.length > 0 && <strong>, {failed.length} failed</strong>}
          </span>
        </button>
      )}
      <ol id={id}>
        {shown.map((run) => (
          <li key={run.index}>{row(run)}</li>
        ))}
      </ol>
      {!isFolded && inOrder.length > most && (
        <Button kind="quiet" size="s" onClick={() => setMost(most + drawn)}>
          Show more of {inOrder.length - most} items
        </Button>
      )}
    </li>
  );
}

interface RowProps {
  run: RunHistory;
  from: number;
  /** 0 where it does not matter. */
  now: number;
  isSelected: boolean;
  onSelect: (step: string) => void;
}

const Row = memo(({ run, from, now, isSelected, onSelect }: RowProps): ReactNode => {
  const failed = hasFailed(run);
  // Taken over from the execution that this one goes on from.
  const isBefore = run.spans[0]!.from < from && !run.spans.some(({ to }) => to === undefined || to > from);
  const name = run.index === undefined ? run.step_id : `${run.step_id} [${run.index}]`;
  return (
    <button
      type="button"
      className="vw-timeline-row"
      aria-pressed={isSelected}
      onClick={() => onSelect(run.step_id)}
    >
      <span className="vw-timeline-name" data-item={run.index === undefined ? undefined : ''}>
        <span className="vw-truncate" title={name} dir="auto">
          {run.index === undefined ? (
            name
          ) : (
            <>
              <span className="vw-hidden">{run.step_id} </span>[{run.index}]
            </>
          )}
        </span>
        {failed && <StatusIcon status="failed" size={13} />}
        {failed && <span className="vw-hidden">, failed, </span>}
      </span>
      <span className="vw-timeline-track">
        {!isBefore && run.spans.map((span, index) => <Bar key={index} span={span} from={from} />)}
      </span>
      <span
        className="vw-timeline-length"
        title={isBefore ? 'In the execution that this one goes on from' : undefined}
      >
        {isBefore ? 'before' : lengthText(lengthOf(run, now))}
      </span>
    </button>
  );
});

function Bar({ span, from }: { span: Span; from: number }): ReactNode {
  const { kind, outcome, to } = span;
  return (
    <b
      data-kind={kind}
      data-outcome={outcome ?? (to === undefined ? 'running' : undefined)}
      style={{ '--at': span.from - from, ...(to !== undefined && { '--end': to - from }) } as CSSProperties}
      title={describe(span)}
    />
  );
}

function describe({ kind, attempt, from, to, outcome, error, wait }: Span): string {
  const length = to === undefined ? '' : lengthText(to - from);
  if (kind === 'pause') return `Pause of ${length} before attempt ${attempt + 1}`;
  if (kind === 'wait')
    return length ? `Waited ${length} for ${waitText(wait)}` : `Waits for ${waitText(wait)}`;
  return `Attempt ${attempt}: ${length || 'going on'}${outcome ? `, ${outcome}` : ''}${error ? `. ${error.message}` : ''}`;
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

const isGoing = ({ spans }: RunHistory): boolean => spans.at(-1)?.to === undefined;
const hasFailed = ({ spans }: RunHistory): boolean => spans.at(-1)?.outcome === 'failed';

interface StepGroup {
  step: string;
  own: RunHistory;
  items: readonly RunHistory[];
  /** Of the items. */
  failed: readonly RunHistory[];
  going: number;
}

/** Steps in the order in which they began, with the items of their foreach. */
function groupsOf(runs: readonly RunHistory[], steps: readonly string[]): StepGroup[] {
  const place = new Map(steps.map((id, index) => [id, index]));
  const began = (of: readonly RunHistory[]): number =>
    of.reduce((least, { spans }) => Math.min(least, spans[0]?.from ?? 0), Number.POSITIVE_INFINITY);
  return [...Map.groupBy(runs, ({ step_id }) => step_id)]
    .map(([step, of]) => ({ step, of, began: began(of) }))
    .toSorted((a, b) => a.began - b.began || (place.get(a.step) ?? 0) - (place.get(b.step) ?? 0))
    .map(({ step, of, began }) => {
      const items = of.filter(({ index }) => index !== undefined).toSorted((a, b) => a.index! - b.index!);
      return {
        ...{ step, items, failed: items.filter(hasFailed), going: items.filter(isGoing).length },
        // An execution of before may not tell of it.
        own: of.find(({ index }) => index === undefined) ?? {
          step_id: step,
          spans: [{ kind: 'attempt' as const, from: began, attempt: 1 }],
        },
      };
    });
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
