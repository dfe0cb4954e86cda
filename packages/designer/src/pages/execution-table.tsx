import type { ReactNode } from 'react';
import { hrefOf } from '../app/route.ts';
import type { ExecutionSummary } from '../backend.ts';
import { agoText, lengthText, momentText } from '../watch/format.ts';
import { StatusBadge } from '../watch/status.tsx';

/** Executions in a table, each a link. */
export function ExecutionTable({
  executions,
  now,
  label,
  onlyOne = false,
  chosen,
  onChoose,
}: {
  executions: readonly ExecutionSummary[];
  now: number;
  label: string;
  /** They are all of one workflow. */
  onlyOne?: boolean;
  chosen?: readonly string[];
  onChoose?: (id: string) => void;
}): ReactNode {
  return (
    <div className="vw-table-frame">
      <table className="vw-table" data-stack="" aria-label={label}>
        <thead>
          <tr>
            {onChoose && (
              <th scope="col">
                <span className="vw-hidden">Compare</span>
              </th>
            )}
            <th scope="col">Status</th>
            {!onlyOne && <th scope="col">Workflow</th>}
            <th scope="col">Execution</th>
            <th scope="col">Started</th>
            <th scope="col" className="vw-number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {executions.map(({ id, workflow_id, status, started_at, completed_at, error }) => (
            <tr key={id}>
              {onChoose && (
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Compare ${id}`}
                    checked={chosen?.includes(id) ?? false}
                    onChange={() => onChoose(id)}
                  />
                </td>
              )}
              <td>
                <StatusBadge status={status} />
              </td>
              {!onlyOne && (
                <td className="vw-name-cell">
                  <a className="vw-truncate" href={hrefOf(['workflows', workflow_id])} title={workflow_id}>
                    {workflow_id}
                  </a>
                </td>
              )}
              <td>
                <a className="vw-code" href={hrefOf(['executions', id])}>
                  {id}
                </a>
                {error && (
                  <p className="vw-cell-error" dir="auto" title={error.message}>
                    {error.message}
                  </p>
                )}
              </td>
              <td className="vw-time" title={momentText(started_at)}>
                {agoText(started_at, now)}
              </td>
              <td className="vw-number">
                {completed_at === undefined
                  ? lengthText(now - Date.parse(started_at))
                  : lengthText(Date.parse(completed_at) - Date.parse(started_at))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
