import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { go, hrefOf, setQuery, useRoute } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import type { StoredWorkflow } from '../backend.ts';
import { Button, Tabs } from '../style/index.ts';
import { ExecutionTable } from './execution-table.tsx';
import { Loading, NotLoaded, Page } from './page.tsx';

const loadEditor = () => import('./workflow-editor.tsx');
const Editor = lazy(loadEditor);
const Versions = lazy(async () => ({ default: (await import('./versions.tsx')).Versions }));

type View = 'design' | 'executions' | 'versions';
const views: readonly { id: View; label: string }[] = [
  { id: 'design', label: 'Designer' },
  { id: 'executions', label: 'Executions' },
  { id: 'versions', label: 'Versions' },
];

/** One workflow: to be drawn, with what it has executed and how it has changed. */
export function WorkflowPage({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  const { query } = useRoute();
  const view = views.find((each) => each.id === query.get('view'))?.id ?? 'design';
  const [saved, setSaved] = useState<StoredWorkflow>();
  const [restores, setRestores] = useState(0);
  const read = useLoad(() => backend.readWorkflow(id), [backend, id, restores]);
  useEffect(() => {
    // While the document is on its way; what could not be loaded is told of where it is shown.
    if (view === 'design') loadEditor().catch(() => {});
  }, [view]);
  const stored = { ...read, data: saved ?? read.data };
  if (!stored.data) {
    return (
      <Page title={id}>
        <NotLoaded of={stored} />
      </Page>
    );
  }
  return (
    <div className="vw-workflow">
      <header className="vw-workflow-head">
        <p className="vw-crumbs">
          <a href={hrefOf(['workflows'])}>Workflows</a>
        </p>
        <h1 className="vw-truncate" title={stored.data.name}>
          {stored.data.name}
        </h1>
      </header>
      <Tabs
        label="Views of the workflow"
        tabs={views}
        active={view}
        onChange={(next) => setQuery({ view: next === 'design' ? undefined : next })}
        className="vw-workflow-panel"
      >
        {view === 'design' && (
          <Suspense fallback={<Loading />}>
            <Editor
              workflow={stored.data}
              onSaved={setSaved}
              onStarted={(execution) => go(['executions', execution])}
            />
          </Suspense>
        )}
        {view === 'executions' && <Executions id={id} />}
        {view === 'versions' && (
          <Suspense fallback={<Loading />}>
            <Versions
              workflow={stored.data}
              onRestored={() => {
                setSaved(undefined);
                setRestores((before) => before + 1);
              }}
            />
          </Suspense>
        )}
      </Tabs>
    </div>
  );
}

function Executions({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  const list = useLoad(() => backend.listExecutions({ workflow: id, limit: 50 }), [backend, id], {
    every: 4000,
  });
  if (!list.data) return <NotLoaded of={list} />;
  if (list.data.results.length === 0) return <p className="vw-pad vw-muted">It has not been executed yet.</p>;
  return (
    <div className="vw-pad">
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
