import type { Execution } from '@vwmp/core';
import { Ban, ChevronDown, GitBranch, Radio, RotateCcw, WifiOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Backend } from '../backend.ts';
import { Button, Dialog, IconButton, Menu, useToast } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { progressOf } from './attempts.ts';
import { agoText, lengthText, momentText } from './format.ts';
import { SignalDialog } from './signal-dialog.tsx';
import { StatusBadge } from './status.tsx';
import type { Retry } from './use-retry.ts';

const RunAgain = part(async () => (await import('./run-again.tsx')).RunAgain);

export interface ExecutionHeadProps {
  backend: Backend;
  execution: Execution;
  /** What succeeded is being undone. */
  isUndoing: boolean;
  /** Names of the signals that are waited for. */
  signals: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  connected: boolean;
  /** The step that is chosen: what runs again begins there. */
  selected: string | undefined;
  retry: Retry;
  onRetried: ((id: string) => void) | undefined;
  heading: ReactNode;
  actions: ReactNode;
  hrefOfWorkflow: ((workflow: string) => string) | undefined;
}

/** How an execution stands, and what can be done with it. */
export function ExecutionHead(props: ExecutionHeadProps): ReactNode {
  const { backend, execution, isUndoing, signals, now, connected, selected, retry, onRetried } = props;
  const { heading, actions, hrefOfWorkflow } = props;
  const { id, workflow_id } = execution;
  const toast = useToast();
  const [signalling, setSignalling] = useState(false);
  const [isAgain, setIsAgain] = useState(false);
  const [isGivingUp, setIsGivingUp] = useState(false);
  const running = execution.completed_at === undefined;
  // What succeeded has nothing to go on from; an engine in the page begins anew in any case.
  const canRetry = execution.status !== 'success' && !backend.inPage;
  const progress = progressOf(execution);
  const percentage = progress.total === 0 ? 100 : Math.round((progress.completed / progress.total) * 100);
  const took =
    (execution.completed_at ? Date.parse(execution.completed_at) : now) - Date.parse(execution.started_at);
  return (
    <>
      <header className="vw-execution-head">
        <div className="vw-execution-title">
          {heading}
          <h1>
            {hrefOfWorkflow ? (
              <a className="vw-truncate" href={hrefOfWorkflow(workflow_id)} title="Open the workflow">
                {workflow_id}
              </a>
            ) : (
              <span className="vw-truncate">{workflow_id}</span>
            )}
            <StatusBadge status={execution.status} />
          </h1>
          <p className="vw-muted">
            <span title={momentText(execution.started_at)}>{agoText(execution.started_at, now)}</span>
            {' · '}
            {lengthText(took)}
            {' · '}
            {progress.completed} of {progress.total} steps
            {progress.failed > 0 && `, ${progress.failed} failed`}
            {running && isUndoing && ', what succeeded is being undone'}
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
            <Button size="s" needs="executor" icon={<Radio size={14} />} onClick={() => setSignalling(true)}>
              Signal
            </Button>
          )}
          {running ? (
            <Button
              size="s"
              needs="executor"
              icon={<Ban size={14} />}
              busy={retry.busy}
              onClick={() =>
                isUndoing
                  ? setIsGivingUp(true)
                  : retry.attempt('It is being cancelled.', () =>
                      backend.cancelExecution(id, { gentle: true }),
                    )
              }
            >
              {isUndoing ? 'Give up undoing' : 'Cancel'}
            </Button>
          ) : onRetried === undefined && backend.inPage ? null : (
            <>
              <Button
                size="s"
                kind="primary"
                needs="executor"
                icon={<RotateCcw size={14} />}
                busy={retry.busy}
                onClick={() => (canRetry ? retry.again() : setIsAgain(true))}
              >
                {canRetry ? 'Retry what failed' : 'Run again'}
              </Button>
              {canRetry && (
                <Menu
                  label="Other ways to run it again"
                  entries={[
                    {
                      label: 'With the workflow as it is now',
                      needs: 'editor',
                      icon: <GitBranch size={14} />,
                      onSelect: () => void retry.mended(workflow_id, selected),
                    },
                    {
                      label: 'From its beginning',
                      needs: 'executor',
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
      {isGivingUp && isUndoing && running && (
        <Dialog
          title="Give up undoing?"
          onClose={() => setIsGivingUp(false)}
          actions={
            <>
              <Button onClick={() => setIsGivingUp(false)}>Go on undoing</Button>
              <Button
                kind="danger"
                onClick={() => {
                  setIsGivingUp(false);
                  void retry.attempt('No more is undone.', () => backend.cancelExecution(id));
                }}
              >
                Give up
              </Button>
            </>
          }
        >
          <p>What has been done and is not undone yet stays as it is.</p>
        </Dialog>
      )}
      {signalling && (
        <SignalDialog
          awaited={signals}
          onClose={() => setSignalling(false)}
          onSend={async (name, payload, key) => {
            await backend.signalExecution(id, name, payload, { key });
            setSignalling(false);
            toast({ text: `Signal "${name}" was sent.`, tone: 'success' });
          }}
        />
      )}
    </>
  );
}
