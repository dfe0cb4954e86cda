import type { JsonObject, JsonValue, Parameter } from '@vwmp/core';
import { Play } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { RoleContext } from '../app/role-context.ts';
import { useLoad } from '../app/use-load.ts';
import { useOnce } from '../app/use-once.ts';
import { useStartKey } from '../app/use-start-key.ts';
import type { Backend, HandlerDescription } from '../backend.ts';
import { createDryRun } from '../backends/dry-run.ts';
import { formSchema } from '../forms/form-schema.ts';
import { readJson } from '../forms/read-json.ts';
import { goToUnread } from '../forms/unread.tsx';
import { ValueForm } from '../forms/value-form.tsx';
import { Button, Dialog, Field } from '../style/index.ts';
import { ErrorBox } from '../watch/error-box.tsx';
import { ExecutionView } from '../watch/execution-view.tsx';
import { Loading } from './page.tsx';
import { documentOfStep, upstreamOf } from './test-step.ts';

export interface TryDialogProps {
  workflowId: string;
  document: JsonValue;
  text: string;
  handlers: readonly HandlerDescription[];
  /** The step to test alone; undefined tries the whole workflow in the page, without calling anything. */
  step: string | undefined;
  onClose: () => void;
}

/** Tries a workflow without harm, or one step alone, with what was recorded of the last execution in place of what is not run. */
export function TryDialog(props: TryDialogProps): ReactNode {
  const { workflowId, step, onClose } = props;
  const backend = useBackend();
  const recorded = useLoad(() => lastOutputs(backend, workflowId), [backend, workflowId]);
  const [shown, setShown] = useState<{ backend: Backend; id: string }>();
  return (
    <Dialog
      size="l"
      title={step === undefined ? `Dry run of ${workflowId}` : `Test the step ${step}`}
      onClose={onClose}
    >
      {shown ? (
        <Allowed in={shown.backend}>
          <ExecutionView backend={shown.backend} id={shown.id} />
        </Allowed>
      ) : recorded.data ? (
        <TryForm {...props} recorded={recorded.data} onStarted={setShown} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

/** What happens in the page is refused to nobody. */
function Allowed({ in: { inPage }, children }: { in: Backend; children: ReactNode }): ReactNode {
  return inPage ? <RoleContext value={undefined}>{children}</RoleContext> : children;
}

function TryForm(
  props: TryDialogProps & {
    recorded: { outputs: Record<string, JsonValue>; parameters: JsonObject };
    onStarted: (shown: { backend: Backend; id: string }) => void;
  },
): ReactNode {
  const { workflowId, document, text, handlers, step, recorded, onStarted } = props;
  const backend = useBackend();
  const parameters = useMemo(() => {
    const given = (document as { parameters?: Parameter[] } | null)?.parameters;
    return Array.isArray(given) ? given : [];
  }, [document]);
  const [values, setValues] = useState<JsonObject>(recorded.parameters);
  const pinned = step === undefined ? [] : upstreamOf(document, step);
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(pinned.map((id) => [id, JSON.stringify(recorded.outputs[id] ?? null, null, 2)])),
  );
  const [error, setError] = useState<unknown>();
  const [busy, once] = useOnce();
  const keyOf = useStartKey();
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      if (step === undefined) {
        const dry = createDryRun(handlers, recorded.outputs);
        onStarted({ backend: dry, id: await dry.execute(workflowId, values, { text }) });
        return;
      }
      const outputs = Object.fromEntries(
        pinned.map((id) => [id, readJson(texts[id] ?? 'null', `The output of ${id}`)]),
      );
      const one = JSON.stringify(documentOfStep(document, step, outputs));
      onStarted({
        backend,
        id: await backend.execute(workflowId, values, { text: one, key: keyOf(values, one) }),
      });
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form
      className="vw-fields"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!goToUnread(event.currentTarget)) void once(start);
      }}
    >
      <p className="vw-muted">
        {step === undefined
          ? 'It happens in this page: nothing is called, and steps give what they gave in the last execution.'
          : 'The step runs for real; what it depends on gives these outputs instead of being run.'}
      </p>
      {parameters.length > 0 && (
        <ValueForm schema={formSchema(parameters) as never} value={values} onChange={setValues} />
      )}
      {pinned.map((id) => (
        <Field key={id} label={`Output of ${id}`} note="JSON">
          {(control) => (
            <textarea
              {...control}
              className="vw-textarea vw-code"
              rows={5}
              spellCheck={false}
              value={texts[id] ?? ''}
              onChange={({ target }) => setTexts((before) => ({ ...before, [id]: target.value }))}
            />
          )}
        </Field>
      ))}
      {error !== undefined && <ErrorBox error={error} />}
      <div className="vw-row">
        <Button
          kind="primary"
          needs={step === undefined ? undefined : 'editor'}
          icon={<Play size={15} />}
          busy={busy}
          type="submit"
        >
          {step === undefined ? 'Try it' : 'Run the step'}
        </Button>
      </div>
    </form>
  );
}

/** What the steps of the last execution gave, and what it was given. Secrets are not among it. */
async function lastOutputs(
  backend: Backend,
  workflow: string,
): Promise<{ outputs: Record<string, JsonValue>; parameters: JsonObject }> {
  try {
    const [last] = (await backend.listExecutions({ workflow, limit: 1 })).results;
    if (!last) return { outputs: {}, parameters: {} };
    const { steps, parameters } = await backend.readExecution(last.id);
    const outputs = Object.entries(steps).flatMap(([id, { output }]) =>
      output === undefined ? [] : [[id, output]],
    );
    const shown = Object.entries(parameters).filter(([, value]) => value !== '***');
    return { outputs: Object.fromEntries(outputs), parameters: Object.fromEntries(shown) };
  } catch {
    return { outputs: {}, parameters: {} };
  }
}
