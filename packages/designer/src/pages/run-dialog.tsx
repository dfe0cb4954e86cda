import type { JsonObject, Parameter, Problem } from '@vwmp/core';
import { Play } from 'lucide-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useOnce } from '../app/use-once.ts';
import { useStartKey } from '../app/use-start-key.ts';
import { formSchema } from '../forms/form-schema.ts';
import { goToUnread } from '../forms/unread.tsx';
import { ValueForm } from '../forms/value-form.tsx';
import { Button, Dialog } from '../style/index.ts';
import { describe, ErrorBox } from '../watch/error-box.tsx';

export interface RunDialogProps {
  workflowId: string;
  parameters: readonly Parameter[];
  /** Of a document that is not saved. */
  text?: string;
  /** What it is given unless someone changes it. */
  values?: JsonObject;
  onClose: () => void;
  onStarted: (execution: string) => void;
}

/** Asks for the parameters of a workflow and starts it. */
export function RunDialog(props: RunDialogProps): ReactNode {
  const { workflowId, parameters, text, onClose, onStarted } = props;
  const backend = useBackend();
  const form = useId();
  const schema = useMemo(() => formSchema(parameters), [parameters]);
  const [values, setValues] = useState<JsonObject>(props.values ?? {});
  const [error, setError] = useState<unknown>();
  const [busy, once] = useOnce();
  const keyOf = useStartKey();
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      const key = keyOf(values, text);
      onStarted(await backend.execute(workflowId, values, { key, ...(text !== undefined && { text }) }));
    } catch (reason) {
      setError(reason);
    }
  };
  const { errors, rest } = splitProblems(error, parameters);
  return (
    <Dialog
      title={`Run ${workflowId}`}
      onClose={onClose}
      actions={
        <Button
          kind="primary"
          needs={text === undefined ? 'executor' : 'editor'}
          type="submit"
          form={form}
          icon={<Play size={15} />}
          busy={busy}
        >
          Run
        </Button>
      }
    >
      <form
        id={form}
        className="vw-fields"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!goToUnread(event.currentTarget)) void once(start);
        }}
      >
        {parameters.length === 0 ? (
          <p className="vw-muted">This workflow takes no parameters.</p>
        ) : (
          <ValueForm schema={schema as never} value={values} onChange={setValues} errors={errors} />
        )}
        {error !== undefined && rest !== undefined && <ErrorBox error={rest} />}
      </form>
    </Dialog>
  );
}

/** What is wrong with each parameter, and what else: in a document that is not saved it may be anything. */
export function splitProblems(
  error: unknown,
  parameters: readonly Parameter[],
): { errors: Record<string, string>; rest: unknown } {
  const { details, ...given } = describe(error);
  if (!Array.isArray(details)) return { errors: {}, rest: error };
  const errors: Record<string, string> = {};
  const others = (details as Partial<Problem>[]).filter(({ path = '', message = '' }) => {
    const name = /^parameters\.([^.]+)/.exec(path)?.[1];
    if (name === undefined || !parameters.some((each) => each.name === name)) return true;
    errors[name] = message;
    return false;
  });
  // What stands at the fields says it all.
  const isSaid = others.length === 0 && details.length > 0;
  return { errors, rest: isSaid ? undefined : { ...given, details: others } };
}
