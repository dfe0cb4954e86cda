import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { go, hrefOf } from '../app/route.ts';
import { ExecutionView } from '../watch/execution-view.tsx';

/** One execution, live. */
export function ExecutionPage({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  return (
    <ExecutionView
      key={id}
      backend={backend}
      id={id}
      heading={
        <p className="vw-crumbs">
          <a href={hrefOf(['executions'])}>Executions</a>
        </p>
      }
      hrefOfWorkflow={(workflow) => hrefOf(['workflows', workflow])}
      onRetried={(next) => go(['executions', next])}
    />
  );
}
