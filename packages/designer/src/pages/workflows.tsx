import { Plus, Search, Trash2, Workflow } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { hrefOf, setQuery } from '../app/route.ts';
import { useMore } from '../app/use-more.ts';
import { useRoute } from '../app/use-route.ts';
import { useSearch } from '../app/use-search.ts';
import type { StoredWorkflow } from '../backend.ts';
import { Badge, Button, Dialog, EmptyState, IconButton, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { forget } from './forget.ts';
import { asked, NewWorkflow } from './new-workflow.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { NotLoaded, Page } from './page.tsx';
import { ShowMore } from './show-more.tsx';

/** Every stored workflow; new ones begin here, blank or from a template. */
export function WorkflowsPage(): ReactNode {
  const backend = useBackend();
  const { query } = useRoute();
  const toast = useToast();
  const [text, setText] = useSearch();
  const [removing, setRemoving] = useState<StoredWorkflow>();
  const q = query.get('q') ?? '';
  const list = useMore(
    (cursor) =>
      backend.listWorkflows({ limit: 100, ...(q !== '' && { q }), ...(cursor !== undefined && { cursor }) }),
    [backend, q],
  );
  const remove = async ({ id, rev }: StoredWorkflow): Promise<void> => {
    setRemoving(undefined);
    try {
      await backend.deleteWorkflow(id, rev);
      forget(id);
      toast({ text: `"${id}" was deleted. Its executions stay.`, tone: 'success', about: id });
      list.reload();
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: id });
    }
  };
  return (
    <Page
      title="Workflows"
      actions={
        <Button
          kind="primary"
          needs="editor"
          icon={<Plus size={15} />}
          onClick={() => setQuery({ new: '1' }, asked)}
        >
          New workflow
        </Button>
      }
    >
      <div className="vw-filters">
        <label className="vw-search">
          <Search size={14} aria-hidden="true" />
          <input
            className="vw-input"
            type="search"
            aria-label="Search workflows"
            placeholder="Search by id or name"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      </div>
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} lines={6} />
      ) : list.data.results.length === 0 ? (
        <EmptyState
          icon={<Workflow size={28} />}
          title={query.get('q') ? 'No workflow is called like that' : 'No workflow yet'}
          actions={
            !query.get('q') && (
              <Button
                kind="primary"
                needs="editor"
                icon={<Plus size={15} />}
                onClick={() => setQuery({ new: '1' }, asked)}
              >
                New workflow
              </Button>
            )
          }
        >
          {query.get('q') ? 'Try a part of its name.' : 'Draw one, or begin from a template.'}
        </EmptyState>
      ) : (
        <div className="vw-table-frame">
          <table className="vw-table" data-stack="" aria-label="Workflows">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                <th scope="col">Version</th>
                <th scope="col">Changed</th>
                <th scope="col">
                  <span className="vw-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.results.map((workflow) => (
                <tr key={workflow.id}>
                  <td className="vw-name-cell" data-wrap="">
                    <a className="vw-strong" dir="auto" href={hrefOf(['workflows', workflow.id])}>
                      {workflow.name}
                    </a>
                    <br />
                    <span className="vw-code vw-muted">{workflow.id}</span>
                  </td>
                  <td>
                    <Badge>{workflow.type || 'default'}</Badge>
                  </td>
                  <td>{workflow.version}</td>
                  <td title={momentText(workflow.updated_at)}>{agoText(workflow.updated_at)}</td>
                  <td>
                    <div className="vw-row" data-end="">
                      <a
                        className="vw-button"
                        data-size="s"
                        href={hrefOf(['executions'], { workflow: workflow.id })}
                      >
                        Executions
                      </a>
                      <IconButton
                        label={`Delete ${workflow.id}`}
                        size="s"
                        needs="editor"
                        icon={<Trash2 size={14} />}
                        onClick={() => setRemoving(workflow)}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore of={list} />
      {query.get('new') && <NewWorkflow />}
      {removing && (
        <Dialog
          title={`Delete ${removing.id}?`}
          onClose={() => setRemoving(undefined)}
          actions={
            <>
              <Button onClick={() => setRemoving(undefined)}>Keep it</Button>
              <Button kind="danger" onClick={() => remove(removing)}>
                Delete
              </Button>
            </>
          }
        >
          <p>Its document and its versions go; what it has executed stays. Copies in Git are not touched.</p>
        </Dialog>
      )}
    </Page>
  );
}
