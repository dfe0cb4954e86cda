import { ArrowRight, Inbox, Plus, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useRefusal } from '../app/role-context.ts';
import { hrefOf } from '../app/route.ts';
import { useServer } from '../app/server-context.ts';
import { useLoad } from '../app/use-load.ts';
import { Button, EmptyState } from '../style/index.ts';
import { agoText, lengthText } from '../watch/format.ts';
import { ExecutionTable } from './execution-table.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Card, NotLoaded, Page } from './page.tsx';
import { bucketsOf, DurationPlot, longestText, OutcomePlot } from './plot.tsx';

const hour = 3_600_000;
/** So many executions are looked at one by one. */
const most = 500;

/** How things stand: figures of the last day, what runs, what waits for a person, what ran last. */
export function DashboardPage(): ReactNode {
  const backend = useBackend();
  const server = useServer();
  const state = useLoad(
    async () => {
      const since = new Date(Date.now() - 24 * hour).toISOString();
      const [recent, ended, succeeded, last, running, waiting, workflows, approvals] = await Promise.all([
        backend.listExecutions({ since, limit: most }),
        backend.listExecutions({ since, status: ['success', 'partial', 'failed', 'cancelled'], limit: 1 }),
        backend.listExecutions({ since, status: ['success'], limit: 1 }),
        backend.listExecutions({ limit: 8 }),
        backend.listExecutions({ status: ['running', 'pending'], limit: 1 }),
        backend.listExecutions({ status: ['waiting'], limit: 1 }),
        backend.listWorkflows({ limit: 100 }),
        server?.listApprovals({ limit: 5 }),
      ]);
      return { recent, ended, succeeded, last, running, waiting, workflows, approvals, at: Date.now() };
    },
    [backend, server],
    { every: 4000 },
  );
  const { data } = state;
  if (!data) {
    return (
      <Page title="Dashboard">
        <NotLoaded of={state} lines={8} />
      </Page>
    );
  }
  const { recent, at } = data;
  const [ended, succeeded] = [countOf(data.ended), countOf(data.succeeded)];
  const isCut = countOf(recent) > recent.results.length;
  const stretch = isCut ? `the last ${recent.results.length} executions` : 'the last 24 hours';
  const buckets = bucketsOf(recent.results, at, hour, 24);
  const durations = recent.results
    .filter(({ completed_at }) => completed_at !== undefined)
    .map(({ started_at, completed_at }) => Date.parse(completed_at!) - Date.parse(started_at))
    .sort((a, b) => a - b);
  const median = durations[Math.floor(durations.length / 2)];
  const asked = data.approvals?.results ?? [];
  return (
    <Page title="Dashboard" actions={<NewWorkflow />}>
      <NotUpToDate of={state} />
      <dl className="vw-stats">
        <Stat
          label="Running now"
          value={countText(data.running)}
          href={hrefOf(['executions'], { status: 'running,pending' })}
        />
        <Stat
          label="Waiting"
          value={countText(data.waiting)}
          href={hrefOf(['executions'], { status: 'waiting' })}
        />
        <Stat
          label="Succeeded, last 24 h"
          value={ended === 0 ? '–' : `${Math.round((succeeded / ended) * 100)} %`}
          note={ended === 0 ? 'nothing ended' : `${succeeded.toLocaleString()} of ${ended.toLocaleString()}`}
          href={hrefOf(['executions'], { in: '24h' })}
        />
        <Stat
          label="Median length"
          value={median === undefined ? '–' : lengthText(median)}
          note={isCut ? `of the last ${recent.results.length}` : 'last 24 h'}
        />
      </dl>
      <div className="vw-columns">
        <Card title={isCut ? `Executions by hour, of ${stretch}` : 'Executions, last 24 hours'}>
          <OutcomePlot buckets={buckets} label={`${recent.results.length} executions in ${stretch}`} />
          <PlotAxis />
          <p className="vw-legend">
            <span data-kind="success">succeeded</span>
            <span data-kind="failed">failed</span>
            <span data-kind="other">other</span>
          </p>
        </Card>
        <Card title={isCut ? `Median length by hour, of ${stretch}` : 'Median length by hour'}>
          <DurationPlot buckets={buckets} label={`Median lengths by hour, at most ${longestText(buckets)}`} />
          <PlotAxis />
          <p className="vw-legend">
            <span data-kind="line">at most {longestText(buckets)}</span>
          </p>
        </Card>
      </div>
      <div className="vw-columns" data-wide-first="">
        <Card
          title="Last executions"
          actions={
            <a href={hrefOf(['executions'])}>
              All <ArrowRight size={13} aria-hidden="true" />
            </a>
          }
        >
          {data.last.results.length === 0 ? (
            <EmptyState icon={<Workflow size={26} />} title="Nothing has been executed yet">
              Open a workflow and start it.
            </EmptyState>
          ) : (
            <ExecutionTable executions={data.last.results} now={at} label="Last executions" />
          )}
        </Card>
        <Card
          title={server ? 'Waits for a person' : 'Workflows'}
          actions={
            <a href={hrefOf([server ? 'approvals' : 'workflows'])}>
              All <ArrowRight size={13} aria-hidden="true" />
            </a>
          }
        >
          {server ? (
            asked.length === 0 ? (
              <EmptyState icon={<Inbox size={26} />} title="Nobody is waited for">
                Questions of workflows to people stand here.
              </EmptyState>
            ) : (
              <ul className="vw-items">
                {asked.map(({ execution_id, step, prompt, workflow_id, waiting_since }) => (
                  <li key={`${execution_id}${step}`}>
                    <a dir="auto" href={hrefOf(['executions', execution_id])}>
                      {prompt}
                    </a>
                    <span className="vw-muted">
                      {workflow_id}, {agoText(waiting_since, at)}
                    </span>
                  </li>
                ))}
              </ul>
            )
          ) : (
            <ul className="vw-items">
              {data.workflows.results.slice(0, 8).map(({ id, name, updated_at }) => (
                <li key={id}>
                  <a dir="auto" href={hrefOf(['workflows', id])}>
                    {name}
                  </a>
                  <span className="vw-muted">changed {agoText(updated_at, at)}</span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </Page>
  );
}

/** A link; where it would lead to nothing but a refusal, a button that says so. */
function NewWorkflow(): ReactNode {
  const icon = <Plus size={15} aria-hidden="true" />;
  return useRefusal('editor') === undefined ? (
    <a className="vw-button" data-kind="primary" href={hrefOf(['workflows'], { new: '1' })}>
      {icon}
      New workflow
    </a>
  ) : (
    <Button kind="primary" needs="editor" icon={icon}>
      New workflow
    </Button>
  );
}

/** Where the day begins and ends. */
function PlotAxis(): ReactNode {
  return (
    <p className="vw-plot-axis" aria-hidden="true">
      <span>24 h ago</span>
      <span>12 h ago</span>
      <span>now</span>
    </p>
  );
}

function Stat(props: { label: string; value: string; note?: string; href?: string }): ReactNode {
  const { label, value, note, href } = props;
  return (
    <div className="vw-stat">
      <dt>{label}</dt>
      <dd>
        {href ? <a href={href}>{value}</a> : value}
        {note && <span>{note}</span>}
      </dd>
    </div>
  );
}

interface Counted {
  count?: number;
  results: readonly unknown[];
}

function countOf({ count, results }: Counted): number {
  return count ?? results.length;
}

function countText(page: Counted): string {
  return countOf(page).toLocaleString();
}
