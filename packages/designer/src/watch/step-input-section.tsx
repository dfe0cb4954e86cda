import type { Execution, JsonValue } from '@vwmp/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { StepInput } from './step-input.ts';
import { ValueTree } from './value-tree.tsx';

export interface StepInputSectionProps {
  document: JsonValue;
  execution: Execution;
  step: string;
}

/** What a step was given, and what of it cannot be known any more. */
export function StepInputSection({ document, execution, step }: StepInputSectionProps): ReactNode {
  const [input, setInput] = useState<StepInput>();
  // While an execution goes on each event makes a new one of it; what a step is given is settled once it has begun.
  const began = execution.steps[step]?.started_at;
  useEffect(() => {
    let isGone = false;
    // It brings the engine.
    import('./step-input.ts')
      .then(({ inputOf }) => inputOf(document, execution, step))
      // Without it the section is missing, and the page goes on.
      .then(
        (found) => isGone || setInput(found),
        () => {},
      );
    return () => {
      isGone = true;
    };
  }, [document, execution.id, step, began]);
  if (!input) return null;
  const isEmpty = typeof input.value === 'object' && Object.keys(input.value ?? {}).length === 0;
  if (isEmpty && input.unknown.length === 0) return null;
  return (
    <section>
      <h3>Input</h3>
      {!isEmpty && <ValueTree value={input.value} label="Input" />}
      {input.unknown.length > 0 && (
        <dl className="vw-unknown">
          {input.unknown.map(({ key, why }) => (
            <div key={key}>
              <dt className="vw-code">{key}</dt>
              <dd>{why}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="vw-muted">Computed from the document and what was recorded; secrets are ***.</p>
    </section>
  );
}
