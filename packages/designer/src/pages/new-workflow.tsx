import type { JsonObject, WorkflowDocument } from '@vwmp/core';
import { slug } from '@vwmp/core/language';
import { type ReactNode, useRef, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { endQuery, go, hrefOf, replaceRoute } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import { useOnce } from '../app/use-once.ts';
import type { StoredWorkflow } from '../backend.ts';
import { Button, Dialog, Field, HandlerIcon } from '../style/index.ts';
import { ErrorBox } from '../watch/error-box.tsx';
import { forget } from './forget.ts';
import { isNotThere } from './page.tsx';

/** Of the history, where the list asks for a new workflow. */
export const asked = 'new';

/** What was sent and never answered: it may have been stored. It outlives the dialog, which may be opened again for that. */
let unanswered: { id: string; text: string } | undefined;

/** True for an error that says nothing of whether what was asked for was done. */
function isUnanswered(error: unknown): boolean {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && (status === 0 || status >= 500);
}

/** Asks for a name and what to begin with. */
export function NewWorkflow(): ReactNode {
  // It takes a moment, in which a second Escape would go back once more.
  const isClosed = useRef(false);
  const onClose = (): void => {
    if (!isClosed.current) endQuery({ new: undefined }, asked);
    isClosed.current = true;
  };
  const backend = useBackend();
  const types = useLoad(() => backend.listWorkflowTypes(), [backend]);
  const [name, setName] = useState('');
  const [from, setFrom] = useState('');
  const [error, setError] = useState<unknown>();
  /** What a try before this one did create. */
  const [made, setMade] = useState<StoredWorkflow>();
  const [busy, once] = useOnce();
  const templates = (types.data ?? []).flatMap(({ name: type, icon, templates: own = [] }) =>
    own.map((template) => ({ ...template, key: `${type}/${template.name}`, icon })),
  );
  // A name without letters has an id too; no name has none.
  const id = name.trim() === '' ? '' : slug(name);
  /** What the last try has stored, when only its answer was lost. */
  const madeBefore = async (): Promise<StoredWorkflow | undefined> => {
    const last = unanswered;
    if (!last) return undefined;
    try {
      const stored = await backend.readWorkflow(last.id);
      return stored.text === last.text ? stored : undefined;
    } catch (reason) {
      // It may still be on its way, so that it is looked for again.
      if (isNotThere(reason)) return undefined;
      throw reason;
    }
  };
  const save = async (text: string, rev: string | undefined): Promise<StoredWorkflow> => {
    try {
      return await backend.saveWorkflow(id, text, rev);
    } catch (reason) {
      if (!isUnanswered(reason)) throw reason;
      unanswered = { id, text };
      const stored = await madeBefore().catch(() => undefined);
      if (stored) return stored;
      throw reason;
    }
  };
  const create = async (): Promise<void> => {
    try {
      const document = templates.find(({ key }) => key === from)?.document ?? blank;
      // Loaded only now: the list needs nothing of it.
      const { setField } = await import('../document/edits.ts');
      const { id: _, name: __, ...rest } = document;
      const text = setField('id: x\n', [], { id, name, ...rest } as unknown as JsonObject);
      const before = await madeBefore();
      setError(undefined);
      setMade(undefined);
      // Asked for under another name now: whoever sees both can choose.
      if (before) unanswered = undefined;
      if (before && before.id !== id) return setMade(before);
      const stored = before?.text === text ? before : await save(text, before?.rev);
      unanswered = undefined;
      // Of one that was called like it, and is gone.
      forget(stored.id);
      // The way back leads to where this was asked.
      (isClosed.current ? go : replaceRoute)(['workflows', stored.id]);
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <Dialog
      title="New workflow"
      onClose={onClose}
      actions={
        <Button kind="primary" needs="editor" busy={busy} disabled={id === ''} onClick={() => once(create)}>
          Create
        </Button>
      }
    >
      <div className="vw-fields">
        <Field label="Name" hint={id === '' ? 'What it is for, in a few words.' : `Its id will be ${id}.`}>
          {(control) => (
            <input
              {...control}
              className="vw-input"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <fieldset className="vw-templates">
          <legend>Begin with</legend>
          {[
            { key: '', name: 'Blank', description: 'One step to begin with.', icon: undefined },
            ...templates,
          ].map(({ key, name: title, description, icon }) => (
            <label key={key}>
              <input type="radio" name="template" checked={from === key} onChange={() => setFrom(key)} />
              <HandlerIcon name={icon} />
              <span>
                <strong>{title}</strong>
                <span className="vw-muted">{description}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {error !== undefined && <ErrorBox error={error} />}
        {made && (
          <p className="vw-note" data-tone="waiting" role="status">
            <bdi>{made.name}</bdi> was created when you tried before: only the answer was lost.{' '}
            <a href={hrefOf(['workflows', made.id])}>Open it</a>, or create this one too.
          </p>
        )}
      </div>
    </Dialog>
  );
}

const blank: WorkflowDocument = {
  name: '',
  steps: [{ id: 'first', handler: 'core.set', config: { value: 'Hello' } }],
};
