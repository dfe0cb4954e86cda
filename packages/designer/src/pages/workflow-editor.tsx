import type { Parameter } from '@vwmp/core';
import { FlaskConical, Play, Save } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useRefusal } from '../app/role-context.ts';
import { useLoad } from '../app/use-load.ts';
import { useOnce } from '../app/use-once.ts';
import type { StoredWorkflow } from '../backend.ts';
import {
  type Command,
  WorkflowEditor as Editor,
  isMac,
  loadLayout,
  showKeys,
  useEditorState,
} from '../editor/index.ts';
import { Badge, Button, useToast } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { describe } from '../watch/error-box.tsx';
import type { Kept } from './draft.ts';
import { openDocument } from './open-document.ts';
import { Failed, isNotThere, Loading } from './page.tsx';
import { type Held, useHeld } from './use-held.ts';

// What nobody needs to draw; the second brings the engine.
const RunDialog = part(async () => (await import('./run-dialog.tsx')).RunDialog);
const TryDialog = part(async () => (await import('./try-dialog.tsx')).TryDialog);
const SaveConflict = part(async () => (await import('./save-conflict.tsx')).SaveConflict);

export interface WorkflowEditorProps {
  workflow: StoredWorkflow;
  /** Holds what is edited while something else of the workflow is shown. */
  held?: Held;
  /** Called with what is stored now. */
  onSaved: (workflow: StoredWorkflow) => void;
  onStarted: (execution: string) => void;
}

/** What is said of work that lives as long as the page. */
const notKept: Readonly<Record<Exclude<Kept, 'kept'>, string>> = {
  refused: 'The browser does not keep what is not saved. Save it before you leave.',
  taken: 'Another tab has work on this workflow that is not saved. Save yours before you leave.',
};

/** The editor of a stored workflow: saves it, runs it, and keeps what is not saved through a reload. */
export default function WorkflowEditor(props: WorkflowEditorProps): ReactNode {
  const backend = useBackend();
  const catalog = useLoad(
    () => Promise.all([backend.listHandlers(), backend.listWorkflowTypes()]),
    [backend],
  );
  useEffect(() => {
    // What could not be loaded is told of where it is needed.
    loadLayout().catch(() => {});
  }, []);
  if (!catalog.data) {
    if (catalog.error === undefined) return <Loading />;
    return <Failed error={catalog.error} onRetry={catalog.reload} />;
  }
  const [handlers, types] = catalog.data;
  return <OpenEditor {...{ ...props, handlers, types }} />;
}

function OpenEditor(
  props: WorkflowEditorProps & Pick<Parameters<typeof Editor>[0], 'handlers' | 'types'>,
): ReactNode {
  const { workflow, onSaved, onStarted, handlers, types } = props;
  const backend = useBackend();
  const toast = useToast();
  const { id } = workflow;
  const [notSaved, notRun] = [useRefusal('editor'), useRefusal('executor')];
  // What is saved meanwhile is told to the store: it is not made anew, which would lose what can be undone.
  const own = useHeld(id);
  const { opened: open, conflict, setConflict } = props.held ?? own;
  // Of one that is gone there is nothing but such work.
  const isReadOnly = notSaved !== undefined && workflow.text !== '';
  // With a key that may do more, what was left is found too.
  if (open.current?.isReadOnly && !isReadOnly) open.current = undefined;
  open.current ??= openDocument(workflow, (why) => toast({ text: notKept[why], tone: 'failed' }), isReadOnly);
  const opened = open.current;
  const { store, rev } = opened;
  const { text, isChanged, isBroken, document, unread } = useSyncExternalStore(
    store.subscribe,
    store.getState,
  );
  const [running, setRunning] = useState(false);
  /** The step to test; null for the whole workflow. */
  const [trying, setTrying] = useState<string | null>();
  // A key that is held down comes again: the second save would be a conflict with the first.
  const [saving, once] = useOnce();
  /** It was asked for again: what was changed while it went on is saved after it. */
  const again = useRef(false);
  /** The text that is being saved. */
  const sent = useRef<string>(undefined);

  useEffect(() => {
    opened.keep();
  }, [opened, text, isChanged, rev, unread]);
  useEffect(() => {
    if (opened.isFromBefore)
      toast({ text: 'This is your work from before the page was left. It is not saved yet.', about: 'save' });
    opened.isFromBefore = false;
  }, [opened]);

  useEffect(() => {
    // What was left is not opened then, so that nothing would seem to be left to decide.
    if (isReadOnly) return;
    // What stands there now was read with the page.
    if (conflict?.before) setConflict({ theirs: workflow.text === '' ? undefined : workflow });
    // Nothing is left to decide, as another tab has saved what was meant.
    else if (conflict?.theirs && !isChanged) setConflict(undefined);
  }, [conflict, isChanged, isReadOnly]);

  /** Whether the text is what is seen: else goes to where it is not. @param again - what was asked for */
  const isSeen = (again: () => void): boolean =>
    !store.goToUnread((found) => {
      if (!found) again();
      else toast({ text: `"${found.label}" cannot be read. Mend it first.`, tone: 'failed', about: 'save' });
    });
  const save = (over: string | undefined): Promise<void> =>
    once(async () => {
      again.current = false;
      await saveOver(over);
      while (again.current && store.getState().isChanged) {
        again.current = false;
        await saveOver(opened.rev);
      }
    });
  const saveOver = async (over: string | undefined): Promise<void> => {
    if (!isSeen(() => store.getState().isChanged && void save(over))) return setConflict(undefined);
    const { text: given } = store.getState();
    sent.current = given;
    const done = (stored: StoredWorkflow): void => {
      opened.saved(stored, given);
      setConflict(undefined);
      onSaved(stored);
      toast({ text: 'Saved.', tone: 'success', about: 'save' });
    };
    try {
      done(await backend.saveWorkflow(id, given, over));
    } catch (error) {
      const { code, message } = describe(error);
      const isConflict = code === 'REV_CONFLICT' || code === 'PRECONDITION_FAILED';
      const theirs = isConflict ? await backend.readWorkflow(id).catch(() => undefined) : undefined;
      // It was saved, and the answer was lost.
      if (theirs?.text === given) done(theirs);
      else if (theirs || isNotThere(error)) {
        again.current = false;
        setConflict({ theirs });
      } else toast({ text: message, tone: 'failed', about: 'save' });
    }
  };

  const run = (): void => {
    if (notRun !== undefined) toast({ text: notRun, tone: 'failed', about: 'run' });
    else if (!isBroken && isSeen(run)) setRunning(true);
  };
  const dryRun = (step: string | null): void => {
    if (!isBroken && isSeen(() => dryRun(step))) setTrying(step);
  };
  const saveChanged = (): void => {
    if (notSaved !== undefined) toast({ text: notSaved, tone: 'failed', about: 'save' });
    else if (store.getState().isChanged) {
      again.current = store.getState().text !== sent.current;
      void save(opened.rev);
    }
  };
  const current = useRef({ saveChanged, run, dryRun });
  current.current = { saveChanged, run, dryRun };
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'save',
        label: 'Save',
        group: 'Workflow',
        keys: ['mod+s'],
        always: true,
        run: () => current.current.saveChanged(),
      },
      {
        id: 'run',
        label: 'Run the workflow',
        group: 'Workflow',
        keys: ['mod+Enter'],
        always: true,
        run: () => current.current.run(),
      },
      {
        id: 'try',
        label: 'Dry run',
        group: 'Workflow',
        keys: [],
        run: () => current.current.dryRun(null),
      },
    ],
    [],
  );

  const parameters = ((document as { parameters?: Parameter[] } | null)?.parameters ?? []) as Parameter[];
  return (
    <>
      <h2 className="vw-hidden">Designer</h2>
      <Editor
        document={store}
        handlers={handlers}
        types={types}
        workflowId={id}
        readOnly={notSaved}
        commands={commands}
        secretNames={async () => (notSaved === undefined && (await backend.listSecretNames?.())) || []}
        lastExecution={async () => {
          const [last] = (await backend.listExecutions({ workflow: id, limit: 1 })).results;
          return last && backend.readExecution(last.id);
        }}
        actions={
          <>
            {notSaved !== undefined && (
              <Badge tone="waiting" title={notSaved}>
                Read only
              </Badge>
            )}
            {isChanged && <Badge tone="waiting">Not saved</Badge>}
            <Button
              needs="editor"
              icon={<Save size={15} />}
              busy={saving}
              // It keeps the focus when all is saved.
              aria-disabled={saving || !isChanged}
              onClick={saveChanged}
              title={`Save (${showKeys('mod+s', isMac())})`}
            >
              Save
            </Button>
            <TryButton isBroken={isBroken} onTry={dryRun} />
            <Button
              kind="primary"
              needs="executor"
              icon={<Play size={15} />}
              disabled={isBroken}
              onClick={run}
              title={`Run (${showKeys('mod+Enter', isMac())})`}
            >
              Run
            </Button>
          </>
        }
      />
      {running && (
        <RunDialog
          workflowId={id}
          parameters={Array.isArray(parameters) ? parameters : []}
          {...(isChanged && { text })}
          onClose={() => setRunning(false)}
          onStarted={(execution) => {
            setRunning(false);
            onStarted(execution);
          }}
        />
      )}
      {trying !== undefined && (
        <TryDialog
          workflowId={id}
          document={document}
          text={text}
          handlers={handlers}
          step={trying ?? undefined}
          onClose={() => setTrying(undefined)}
        />
      )}
      {conflict && !conflict.before && !isReadOnly && (
        <SaveConflict
          {...conflict}
          mine={text}
          onTheirs={(theirs) => {
            opened.take(theirs);
            setConflict(undefined);
            onSaved(theirs);
          }}
          onMine={() => save(conflict.theirs?.rev)}
          onClose={() => setConflict(undefined)}
        />
      )}
    </>
  );
}

/** Tests the selected step alone, or tries the whole workflow without calling anything. */
function TryButton({
  isBroken,
  onTry,
}: {
  isBroken: boolean;
  onTry: (step: string | null) => void;
}): ReactNode {
  const selected = useEditorState((state) => state.selected);
  const [one] = selected.size === 1 ? selected : [];
  return (
    <Button
      needs={one === undefined ? undefined : 'editor'}
      icon={<FlaskConical size={15} />}
      disabled={isBroken}
      onClick={() => onTry(one ?? null)}
    >
      {one === undefined ? 'Dry run' : 'Test step'}
    </Button>
  );
}
