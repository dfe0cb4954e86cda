import { Ban, ChevronDown, GitBranch, Radio, RotateCcw, WifiOff } from 'lucide-react';
import { type ReactNode, useMemo, useState, useSyncExternalStore } from 'react';
import type { Backend } from '../backend.ts';
import { Button, EmptyState, IconButton, Menu, Tabs, useToast } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { progressOf, runHistories } from './attempts.ts';
import { describe, ErrorBox } from './error-box.tsx';
import { ExecutionGraph } from './execution-graph.tsx';
import { agoText, lengthText, momentText } from './format.ts';
import { LiveExecution } from './live-execution.ts';
import { Logs } from './logs.tsx';
import { SignalDialog } from './signal-dialog.tsx';
import { StatusBadge } from './status.tsx';
import { openWaits, StepDetails } from './step-details.tsx';
import { Timeline } from './timeline.tsx';
import { useExecutionGraph } from './use-execution-graph.ts';
import { useNow } from './use-now.ts';
import { ValueTree } from './value-tree.tsx';

const RunAgain = part(async () => (await import('./run-again.tsx')).RunAgain);

export interface ExecutionViewProps {
  backend: Backend;
  id: string;
  /** Called with the execution that runs it again. */
  onRetried?: (id: string) => void;
  /** Links around the title. */
  heading?: ReactNode;
  /** More buttons at its top. */
  actions?: ReactNode;
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
export function ExecutionView({ backend, id, onRetried, heading, actions }: ExecutionViewProps): ReactNode {
  const live = useMemo(() => new LiveExecution(backend, id), [backend, id]);
  const { execution, events, logs, connected, error } = useSyncExternalStore(live.subscribe, live.getState);
  const runs = useMemo(() => runHistories(events), [events]);
  const running = execution !== undefined && execution.completed_at === undefined;
  const now = useNow(running);
  const [view, setView] = useState<View>('graph');
  const [selected, setSelected] = useState<string>();
  const [signalling, setSignalling] = useState(false);
  const [isAgain, setIsAgain] = useState(false);
  const { graph, document } = useExecutionGraph(backend, id, execution?.steps);
  const toast = useToast();

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      toast({ text: what, tone: 'success' });
    } catch (reason) {
      toast({ text: describe(reason).message, tone: 'failed' });
    }
  };
  const retry = (options: { from?: string; text?: string } = {}): Promise<void> =>
    attempt('It runs again.', async () => onRetried?.(await backend.retryExecution(id, options)));
  /** With the workflow as it is stored now: somebody has mended it, say. */
  const retryMended = (workflow: string, from?: string): Promise<void> =>
    attempt('It runs again, with the workflow as it is now.', async () => {
      const { text } = await backend.readWorkflow(workflow);
      onRetried?.(await backend.retryExecution(id, { text, ...(from !== undefined && { from }) }));
    });

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
        <EmptyState title="This execution cannot be shown">{describe(error).message}</EmptyState>
      </div>
    );
  }
  // What succeeded has nothing to go on from; an engine in the page begins anew in any case.
  const canRetry = execution.status !== 'success' && !backend.inPage;
  const progress = progressOf(execution);
  const percentage = progress.total === 0 ? 100 : Math.round((progress.completed / progress.total) * 100);
  const took =
    (execution.completed_at ? Date.parse(execution.completed_at) : now) - Date.parse(execution.started_at);
  const asked = Object.entries(execution.steps).flatMap(([step, { status }]) =>
    status === 'waiting' || status === 'running'
      ? openWaits(runs, step).map((each) => ({ ...each, step }))
      : [],
  );
  const approvals = asked.filter(({ wait }) => wait.kind === 'approval');
  const signals = asked.flatMap(({ wait }) => (wait.kind === 'signal' ? [wait.signal] : []));

  return (
    <article className="vw-execution" aria-label={`Execution ${id}`}>
      <header className="vw-execution-head">
        <div className="vw-execution-title">
          {heading}
          <h1>
            <span className="vw-truncate">{execution.workflow_id}</span>
            <StatusBadge status={execution.status} />
          </h1>
          <p className="vw-muted">
            <span title={momentText(execution.started_at)}>{agoText(execution.started_at, now)}</span>
            {' · '}
            {lengthText(took)}
            {' · '}
            {progress.completed} of {progress.total} steps
            {progress.failed > 0 && `, ${progress.failed} failed`}
            {' · '}
            <span className="vw-code">{id}</span>
          </p>
        </div>
        <div className="vw-row">
          {!connected && (
            <span className="vw-offline" role="status">
              <WifiOff size={14} aria-hidden="true" /> Connecting again…
            </span>
          )}
          {actions}
          {running && (
            <Button size="s" icon={<Radio size={14} />} onClick={() => setSignalling(true)}>
              Signal
            </Button>
          )}
          {running ? (
            <Button
              size="s"
              icon={<Ban size={14} />}
              onClick={() => attempt('It is being cancelled.', () => backend.cancelExecution(id))}
            >
              Cancel
            </Button>
          ) : onRetried === undefined && backend.inPage ? null : (
            <>
              <Button
                size="s"
                kind="primary"
                icon={<RotateCcw size={14} />}
                onClick={() => (canRetry ? retry() : setIsAgain(true))}
              >
                {canRetry ? 'Retry what failed' : 'Run again'}
              </Button>
              {canRetry && (
                <Menu
                  label="Other ways to run it again"
                  entries={[
                    {
                      label: 'With the workflow as it is now',
                      icon: <GitBranch size={14} />,
                      onSelect: () => void retryMended(execution.workflow_id, selected),
                    },
                    {
                      label: 'From its beginning',
                      icon: <RotateCcw size={14} />,
                      onSelect: () => setIsAgain(true),
                    },
                  ]}
                >
                  {(trigger) => (
                    <IconButton
                      label="Other ways to run it again"
                      size="s"
                      icon={<ChevronDown size={14} />}
                      {...trigger}
                    />
                  )}
                </Menu>
              )}
            </>
          )}
        </div>
        <div
          className="vw-progress"
          role="progressbar"
          aria-label="Progress"
          aria-valuenow={percentage}
          aria-valuemin={0}
          aria-valuemax={100}
          data-status={execution.status}
        >
          <i style={{ width: `${percentage}%` }} />
        </div>
      </header>
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
            {view === 'logs' && <Logs logs={logs} id={id} />}
            {view === 'data' && (
              <div className="vw-data">
                <section>
                  <h2>Parameters</h2>
                  <ValueTree value={execution.parameters} label="Parameters" />
                </section>
                {execution.trigger !== undefined && (
                  <section>
                    <h2>Trigger</h2>
                    <ValueTree value={execution.trigger} label="Trigger" />
                  </section>
                )}
                <section>
                  <h2>Output</h2>
                  <ValueTree value={execution.output} label="Output" />
                </section>
              </div>
            )}
            {view === 'events' && (
              <ol className="vw-events">
                {events.map((event, index) => (
                  <li key={index}>
                    <span className="vw-muted">{event.seq}</span>
                    <time dateTime={event.timestamp}>{momentText(event.timestamp)}</time>
                    <strong>{event.event}</strong>
                    {'step_id' in event && <span className="vw-code">{event.step_id}</span>}
                  </li>
                ))}
              </ol>
            )}
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
              now={now}
              onDecide={(step, decision) => backend.decideApproval(id, step, decision)}
              onRetryFrom={running || backend.inPage ? undefined : () => void retry({ from: selected })}
            />
          </aside>
        )}
      </div>
      {isAgain && (
        <RunAgain
          backend={backend}
          execution={execution}
          onClose={() => setIsAgain(false)}
          onStarted={(next) => {
            setIsAgain(false);
            onRetried?.(next);
          }}
        />
      )}
      {signalling && (
        <SignalDialog
          awaited={signals}
          onClose={() => setSignalling(false)}
          onSend={async (name, payload) => {
            await backend.signalExecution(id, name, payload);
            setSignalling(false);
            toast({ text: `Signal "${name}" was sent.`, tone: 'success' });
          }}
        />
      )}
    </article>
  );
}
