import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { hrefOf } from '../app/route.ts';
import { useMore } from '../app/use-more.ts';
import type { Server } from '../backends/server.ts';
import { EmptyState, useToast } from '../style/index.ts';
import { ApprovalForm } from '../watch/approval-form.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { NotUpToDate } from './not-up-to-date.tsx';
import { NotLoaded, Page } from './page.tsx';
import { ShowMore } from './show-more.tsx';

/** What waits for a person, to be decided here. */
export function ApprovalsPage({ server }: { server: Server }): ReactNode {
  const backend = useBackend();
  const toast = useToast();
  const list = useMore(
    (cursor) => server.listApprovals({ limit: 100, ...(cursor !== undefined && { cursor }) }),
    [server],
    { every: 5000 },
  );
  return (
    <Page title="Approvals">
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} />
      ) : list.data.results.length === 0 && !list.more ? (
        <EmptyState icon={<Inbox size={28} />} title="Nobody is waited for">
          When a workflow asks a person, its question stands here.
        </EmptyState>
      ) : (
        <ul className="vw-questions">
          {list.data.results.map(
            ({ execution_id, workflow_id, step, prompt, form, waiting_since, asked, deadline }) => (
              <li key={`${execution_id}${step}:${asked}`}>
                <p className="vw-muted" id={`of-${execution_id}-${step}`}>
                  <a href={hrefOf(['executions', execution_id])}>{workflow_id}</a>, step {step}, asked{' '}
                  {agoText(waiting_since)}
                  {deadline && `, until ${momentText(deadline.at)}`}
                </p>
                <ApprovalForm
                  prompt={prompt}
                  form={form}
                  about={`of-${execution_id}-${step}`}
                  level={2}
                  onDecide={async (decision) => {
                    await backend.decideApproval(execution_id, step, decision, asked);
                    toast({ text: decision.approved ? 'Approved.' : 'Rejected.', tone: 'success' });
                    list.reload();
                  }}
                />
              </li>
            ),
          )}
        </ul>
      )}
      <ShowMore of={list} />
    </Page>
  );
}
