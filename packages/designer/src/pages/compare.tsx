import type { Execution } from '@vwmp/core';
import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { hrefOf } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import { stepLength } from '../watch/execution-graph.tsx';
import { lengthText, momentText } from '../watch/format.ts';
import { StatusBadge } from '../watch/status.tsx';
import { NotLoaded, Page } from './page.tsx';
import { TextDifference } from './text-difference.tsx';

/** Two executions side by side, and what differs. */
export function ComparePage({ first, second }: { first: string; second: string }): ReactNode {
  const backend = useBackend();
  const both = useLoad(
    () => Promise.all([backend.readExecution(first), backend.readExecution(second)]),
    [backend, first, second],
  );
  if (!both.data)
    return (
      <Page title="Compare">
        <NotLoaded of={both} />
      </Page>
    );
  const [a, b] = both.data;
  const steps = [...new Set([...Object.keys(a.steps), ...Object.keys(b.steps)])];
  return (
    <Page title="Compare two executions">
      <div className="vw-table-frame">
        <table className="vw-table" aria-label="Steps of both executions">
          <thead>
            <tr>
              <th scope="col">Step</th>
              {[a, b].map((each) => (
                <th key={each.id} scope="col">
                  <a className="vw-code" href={hrefOf(['executions', each.id])}>
                    {each.id}
                  </a>
                  <br />
                  {each.workflow_id}, {momentText(each.started_at)} <StatusBadge status={each.status} />
                </th>
              ))}
              <th scope="col">Differs in</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={step}>
                <th scope="row">{step}</th>
                <Cell execution={a} step={step} />
                <Cell execution={b} step={step} />
                <td>{differences(a, b, step).join(', ') || <span className="vw-muted">nothing</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Difference title="Parameters" before={a.parameters} after={b.parameters} />
      <Difference title="Output" before={a.output} after={b.output} />
      {steps
        .filter((step) => differences(a, b, step).includes('output'))
        .map((step) => (
          <Difference
            key={step}
            title={`Output of ${step}`}
            before={a.steps[step]?.output}
            after={b.steps[step]?.output}
          />
        ))}
    </Page>
  );
}

function Cell({ execution, step }: { execution: Execution; step: string }): ReactNode {
  const state = execution.steps[step];
  if (!state) return <td className="vw-muted">not there</td>;
  const length = stepLength(state, Date.now(), execution);
  return (
    <td>
      <StatusBadge status={state.status} /> {length !== undefined && lengthText(length)}
      {state.attempts > 1 && `, ${state.attempts} attempts`}
    </td>
  );
}

function Difference({ title, before, after }: { title: string; before: unknown; after: unknown }): ReactNode {
  const [a, b] = [before, after].map((value) => `${JSON.stringify(value ?? null, null, 2)}\n`);
  if (a === b) return null;
  return (
    <section className="vw-tile" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <TextDifference before={a!} after={b!} />
    </section>
  );
}

/** In what a step differs between two executions. */
export function differences(a: Execution, b: Execution, step: string): string[] {
  const [one, other] = [a.steps[step], b.steps[step]];
  if (!one || !other) return ['being there'];
  const found: string[] = [];
  if (one.status !== other.status) found.push('status');
  if (one.port !== other.port) found.push('port');
  if (one.attempts !== other.attempts) found.push('attempts');
  if (JSON.stringify(one.output) !== JSON.stringify(other.output)) found.push('output');
  if (one.error?.message !== other.error?.message) found.push('error');
  return found;
}
