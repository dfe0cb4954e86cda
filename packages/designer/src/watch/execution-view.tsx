import { type ReactNode, useMemo, useState, useSyncExternalStore } from 'react';
import type { Backend } from '../backend.ts';
import { Button, EmptyState, Tabs } from '../style/index.ts';
import { RunHistories } from './attempts.ts';
import { describe, ErrorBox } from './error-box.tsx';
import { EventList } from './event-list.tsx';
import { ExecutionData } from './execution-data.tsx';
import { ExecutionGraph } from './execution-graph.tsx';
import { ExecutionHead } from './execution-head.tsx';
import { isUndoing } from './is-undoing.ts';
import { LiveExecution } from './live-execution.ts';
import { Logs } from './logs.tsx';
import { readWholeLog } from './read-logs.ts';
import { openWaits, StepDetails } from './step-details.tsx';
import { Timeline } from './timeline.tsx';
import { useExecutionGraph } from './use-execution-graph.ts';
import { useNow } from './use-now.ts';
import { useRetry } from './use-retry.ts';

export interface ExecutionViewProps {
  backend: Backend;
  id: string;
  /** Called with the execution that runs it again. */
  onRetried?: (id: string) => void;
  /** Links around the title. */
  heading?: ReactNode;
  /** Where its workflow is, which its title then leads to. */
  hrefOfWorkflow?: (workflow: string) => string;
  /** What of it is shown, where that is kept outside: in the address, say. */
  shown?: Partial<Shown>;
  onShown?: (shown: Partial<Shown>) => void;
  /** More buttons at its top. */
  actions?: ReactNode;
}

/** What of an execution is shown: a view of it, and the details of a step. */
export interface Shown {
  view: string;
  step: string;
}

type View = 'graph' | 'timeline' | 'logs' | 'data' | 'events';
const views: readonly { id: View; label: string }[] = [
  { id: 'graph', label: 'Steps' },
  { id: 'timeline', label: 'Timeline' },
  { id: 'logs', label: 'Log' },
  { id: 'data', label: 'Data' },
  { id: 'events', label: 'Events' },
];

function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** One execution, live: its graph, timeline, log and data, and what can be done with it. */
export function ExecutionView(props: ExecutionViewProps): ReactNode {
  const { backend, id, onRetried, heading, actions, hrefOfWorkflow } = props;
  const live = useMemo(() => new LiveExecution(backend, id), [backend, id]);
  const state = useSyncExternalStore(live.subscribe, live.getState);
  const { execution, events, logs, connected, ended, error, trying } = state;
  const histories = useMemo(() => new RunHistories(), [live]);
  const runs = useMemo(() => histories.read(events), [histories, events]);
  const running = execution !== undefined && execution.completed_at === undefined;
  const now = useNow(running);
  const [own, setOwn] = useState<Partial<Shown>>({});
  const { shown = own, onShown = setOwn } = props;
  const view = views.find((each) => each.id === shown.view)?.id ?? 'graph';
  const selected = shown.step;
  const setView = (next: View): void => onShown({ ...shown, view: next });
  const setSelected = (step: string | undefined): void => {
    const { step: _, ...rest } = shown;
    onShown({ ...rest, ...(step !== undefined && { step }) });
  };
  const { graph, document } = useExecutionGraph(backend, id, execution?.steps);
  const retry = useRetry(backend, id, onRetried);
  const readAll = () => readWholeLog(backend, id);

  /** Closes the details of a step; the keys go back to where it was chosen. */
  const leaveDetails = (from: Element): void => {
    const chosen = from
      .closest('.vw-execution-body')
      ?.querySelector<HTMLElement>('.vw-execution-main [aria-pressed="true"]');
    setSelected(undefined);
    chosen?.focus();
  };

  if (!execution) {
    if (error === undefined) return <p className="vw-pad vw-muted">Loading…</p>;
    return (
      <div className="vw-pad">
        {heading}
        <h1 className="vw-code">{id}</h1>
        <EmptyState
          title="This execution cannot be shown"
          actions={<Button onClick={live.retry}>Try again</Button>}
        >
          {describe(error).message}
          {trying && ' It is tried again by itself.'}
        </EmptyState>
      </div>
    );
  }
  const asked = Object.entries(execution.steps).flatMap(([step, { status }]) =>
    status === 'waiting' || status === 'running'
      ? openWaits(runs, step).map((each) => ({ ...each, step }))
      : [],
  );
  const approvals = asked.filter(({ wait }) => wait.kind === 'approval');
  const signals = asked.flatMap(({ wait }) => (wait.kind === 'signal' ? [wait.signal] : []));

  return (
    <article className="vw-execution" aria-label={`Execution ${id}`}>
      <ExecutionHead
        {...{ backend, execution, signals, now, connected, selected, retry, onRetried }}
        {...{ heading, actions, hrefOfWorkflow }}
        isUndoing={isUndoing(execution, events)}
      />
      {ended !== undefined && (
        <p className="vw-note" data-tone="waiting" role="status">
          What happens now is not seen any more: {describe(ended).message}{' '}
          <button type="button" className="vw-link" onClick={live.retry}>
            Try again
          </button>
        </p>
      )}
      {execution.error && (
        <ErrorBox
          error={execution.error}
          title={execution.status === 'cancelled' ? undefined : 'It failed'}
        />
      )}
      {approvals.length > 0 && selected === undefined && (
        <p className="vw-note" data-tone="waiting">
          {approvals.length === 1
            ? 'A decision is waited for: '
            : `${approvals.length} decisions are waited for: `}
          {approvals.map(({ step }) => (
            <button key={step} type="button" className="vw-link" onClick={() => setSelected(step)}>
              {step}
            </button>
          ))}
        </p>
      )}
      <div className="vw-execution-body" data-details={selected === undefined ? undefined : ''}>
        <div className="vw-execution-main">
          <Tabs
            label="Views of the execution"
            tabs={views}
            active={view}
            onChange={setView}
            className="vw-execution-panel"
          >
            {view === 'graph' && graph && (
              <ExecutionGraph
                graph={graph}
                execution={execution}
                now={now}
                selected={selected}
                onSelect={setSelected}
              />
            )}
            {view === 'timeline' && (
              <Timeline
                runs={runs}
                steps={Object.keys(execution.steps)}
                startedAt={execution.started_at}
                completedAt={execution.completed_at}
                now={now}
                selected={selected}
                onSelect={setSelected}
              />
            )}
            {view === 'logs' && <Logs logs={logs} id={id} readAll={readAll} />}
            {view === 'data' && <ExecutionData execution={execution} />}
            {view === 'events' && <EventList events={events} />}
          </Tabs>
        </div>
        {selected !== undefined && (
          <aside
            key={selected}
            className="vw-execution-side"
            tabIndex={-1}
            // Where it stands above the steps, it may be out of sight.
            ref={intoSight}
            aria-label={`Step ${selected}`}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || event.defaultPrevented) return;
              event.preventDefault();
              leaveDetails(event.currentTarget);
            }}
          >
            <Button
              size="s"
              kind="quiet"
              className="vw-side-close"
              onClick={({ currentTarget }) => leaveDetails(currentTarget)}
            >
              Close
            </Button>
            <StepDetails
              key={selected}
              id={selected}
              document={document}
              handler={graph?.nodes.find((node) => node.id === selected)?.handler ?? ''}
              execution={execution}
              events={events}
              runs={runs}
              logs={logs}
              readAll={readAll}
              now={now}
              onDecide={(step, decision, asked) => backend.decideApproval(id, step, decision, asked)}
              isRetrying={retry.busy}
              onRetryFrom={running || backend.inPage ? undefined : () => void retry.again(selected)}
            />
          </aside>
        )}
      </div>
    </article>
  );
}
