import { type ReactNode, useEffect, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { getRoute, go, hrefOf, setQuery } from '../app/route.ts';
import { pageConflicts } from '../app/use-conflicts.ts';
import { useLoad } from '../app/use-load.ts';
import { useRoute } from '../app/use-route.ts';
import type { StoredWorkflow } from '../backend.ts';
import { Tabs } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { drafts } from './draft.ts';
import { isNotThere, Loading, NotLoaded, Page } from './page.tsx';
import { useHeld } from './use-held.ts';

const Editor = part(async () => (await import('./workflow-editor.tsx')).default, <Loading />);
const Executions = part(async () => (await import('./workflow-executions.tsx')).Executions, <Loading />);
const Versions = part(async () => (await import('./versions.tsx')).Versions, <Loading />);

const GoneWorkflow = part(async () => (await import('./gone-workflow.tsx')).GoneWorkflow, <Loading />);

type View = 'design' | 'executions' | 'versions';
const views: readonly { id: View; label: string }[] = [
  { id: 'design', label: 'Designer' },
  { id: 'executions', label: 'Executions' },
  { id: 'versions', label: 'Versions' },
];

/** What is stored of a workflow that is gone. */
const nothing = { type: '', version: '', text: '', updated_at: '' };

/** One workflow: to be drawn, with what it has executed and how it has changed. */
export function WorkflowPage({ id }: { id: string }): ReactNode {
  const backend = useBackend();
  const { query } = useRoute();
  const view = views.find((each) => each.id === query.get('view'))?.id ?? 'design';
  const [saved, setSaved] = useState<StoredWorkflow>();
  // With what can be undone in it.
  const held = useHeld(id, pageConflicts);
  const read = useLoad(() => backend.readWorkflow(id), [backend, id]);
  useEffect(() => {
    // While the document is on its way; what could not be loaded is told of where it is shown.
    if (view === 'design') Editor.load().catch(() => {});
  }, [view]);
  useEffect(() => {
    // Nothing is left to decide of what is gone with all work on it.
    if (isNotThere(read.error) && !drafts.read(id)) held.setConflict(undefined);
  }, [id, read.error]);
  const stored = { ...read, data: saved ?? read.data };
  if (!stored.data) {
    const draft = isNotThere(read.error) ? drafts.read(id) : undefined;
    return (
      <Page title={id}>
        {draft ? (
          <GoneWorkflow
            onOpen={() => setSaved({ ...nothing, id, name: id, rev: draft.rev ?? '' })}
            onDiscard={() => {
              drafts.discard(id);
              held.setConflict(undefined);
              read.reload();
            }}
          />
        ) : (
          <NotLoaded of={stored} />
        )}
      </Page>
    );
  }
  return (
    <div className="vw-workflow">
      <header className="vw-workflow-head">
        <p className="vw-crumbs">
          <a href={hrefOf(['workflows'])}>Workflows</a>
        </p>
        <h1 className="vw-truncate" title={stored.data.name} dir="auto">
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
          <Editor
            workflow={stored.data}
            held={held}
            onSaved={(now) => {
              if (now.id === id) setSaved(now);
              // What is created again has the id that its text says. Who has left meanwhile stays where that was to.
              else if (hrefOf(getRoute().path) === hrefOf(['workflows', id])) go(['workflows', now.id]);
            }}
            onStarted={(execution) => go(['executions', execution])}
          />
        )}
        {view === 'executions' && <Executions id={id} />}
        {view === 'versions' && (
          <Versions
            workflow={stored.data}
            hasWork={() => held.opened.current?.store.getState().isChanged ?? drafts.read(id) !== undefined}
            onRestored={(restored) => {
              held.setConflict(undefined);
              if (held.opened.current) held.opened.current.take(restored);
              else drafts.discard(id);
              setSaved(restored);
            }}
          />
        )}
      </Tabs>
    </div>
  );
}
