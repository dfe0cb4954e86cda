import type { JsonObject, Parameter, Problem } from '@vwmp/core';
import { parameterSchema } from '@vwmp/core/language';
import { Play } from 'lucide-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useOnce } from '../app/use-once.ts';
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
  const schema = useMemo(() => parameterSchema([...parameters]), [parameters]);
  const [values, setValues] = useState<JsonObject>(props.values ?? {});
  const [error, setError] = useState<unknown>();
  const [busy, once] = useOnce();
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      onStarted(await backend.execute(workflowId, values, text === undefined ? {} : { text }));
    } catch (reason) {
      setError(reason);
    }
  };
  const errors = errorsByField(error);
  return (
    <Dialog
      title={`Run ${workflowId}`}
      onClose={onClose}
      actions={
        <Button kind="primary" type="submit" form={form} icon={<Play size={15} />} busy={busy}>
          Run
        </Button>
      }
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void once(start);
        }}
      >
        {parameters.length === 0 ? (
          <p className="vw-muted">This workflow takes no parameters.</p>
        ) : (
          <ValueForm schema={schema as never} value={values} onChange={setValues} errors={errors} />
        )}
        {error !== undefined && Object.keys(errors).length === 0 && <ErrorBox error={error} />}
      </form>
    </Dialog>
  );
}

/** What is wrong with each parameter. */
function errorsByField(error: unknown): Record<string, string> {
  const { details } = error === undefined ? { details: undefined } : describe(error);
  if (!Array.isArray(details)) return {};
  return Object.fromEntries(
    (details as Partial<Problem>[]).flatMap(({ path = '', message = '' }) => {
      const [, name] = /(?:^|\.)parameters\.([^.]+)/.exec(path) ?? /^([^.]+)/.exec(path) ?? [];
      return name === undefined ? [] : [[name, message]];
    }),
  );
}
