import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { go } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import { Button } from '../style/index.ts';
import { ExecutionTable } from './execution-table.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { NotLoaded } from './page.tsx';

/** What a workflow has executed, the newest first. */
export function Executions({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  const list = useLoad(() => backend.listExecutions({ workflow: id, limit: 50 }), [backend, id], {
    every: 4000,
  });
  if (!list.data) return <NotLoaded of={list} />;
  if (list.data.results.length === 0) return <p className="vw-pad vw-muted">It has not been executed yet.</p>;
  return (
    <div className="vw-pad">
      <NotUpToDate of={list} />
      <ExecutionTable executions={list.data.results} now={Date.now()} label="Executions" onlyOne />
      {list.data.next_cursor && (
        <p className="vw-pad">
          <Button size="s" onClick={() => go(['executions'], { workflow: id })}>
            All of them
          </Button>
        </p>
      )}
    </div>
  );
}
