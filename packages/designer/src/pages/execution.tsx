import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { go, hrefOf, replaceQuery } from '../app/route.ts';
import { useRoute } from '../app/use-route.ts';
import { ExecutionView } from '../watch/execution-view.tsx';

/** One execution, live. What of it is shown stands in the address. */
export function ExecutionPage({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  const { query } = useRoute();
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
      shown={Object.fromEntries(query)}
      onShown={({ view, step }) => replaceQuery({ view, step })}
      onRetried={(next) => go(['executions', next])}
    />
  );
}
