import type { Execution, JsonObject, Parameter } from '@vwmp/core';
import type { ReactNode } from 'react';
import { BackendContext } from '../app/backend-context.ts';
import { useLoad } from '../app/use-load.ts';
import type { Backend } from '../backend.ts';
import { read } from '../document/index.ts';
import { RunDialog } from '../pages/run-dialog.tsx';
import { Dialog } from '../style/index.ts';
import { ErrorBox } from './error-box.tsx';

export interface RunAgainProps {
  backend: Backend;
  execution: Execution;
  onClose: () => void;
  onStarted: (id: string) => void;
}

/** Starts the workflow of an execution anew, as it is stored now, with what that execution was given. */
export function RunAgain({ backend, execution, onClose, onStarted }: RunAgainProps): ReactNode {
  const { id, workflow_id } = execution;
  const { data, error } = useLoad(async () => {
    const stored = await backend.readWorkflow(workflow_id).catch(() => undefined);
    // One that was never stored, as of the test of a step, goes by its own document.
    const text = stored?.text ?? (await backend.readExecutionDocument(id)) ?? '';
    const { parameters } = (read(text).document ?? {}) as { parameters?: Parameter[] };
    return {
      parameters: Array.isArray(parameters) ? parameters : [],
      ...(stored === undefined && { text }),
    };
  }, [backend, id, workflow_id]);
  if (!data)
    return error === undefined ? null : (
      <Dialog title="Run again" onClose={onClose}>
        <ErrorBox error={error} />
      </Dialog>
    );
  const known = new Set(data.parameters.filter(({ type }) => type !== 'secret').map(({ name }) => name));
  const values = Object.fromEntries(Object.entries(execution.parameters).filter(([name]) => known.has(name)));
  return (
    <BackendContext value={backend}>
      <RunDialog
        {...data}
        workflowId={workflow_id}
        values={values as JsonObject}
        onClose={onClose}
        onStarted={onStarted}
      />
    </BackendContext>
  );
}
