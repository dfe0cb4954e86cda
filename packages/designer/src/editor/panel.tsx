import { lazy, type ReactNode, type RefObject, Suspense } from 'react';
import { Focus } from './focus.tsx';

const StepPanel = lazy(async () => ({ default: (await import('../forms/step-panel.tsx')).StepPanel }));
const WorkflowPanel = lazy(async () => ({
  default: (await import('../forms/workflow-panel.tsx')).WorkflowPanel,
}));

const first = ['.vw-panel-body :is(input, textarea, select)', '.vw-panel [role="tab"]'] as const;

export interface PanelProps {
  step: string | undefined;
  /** How often its first field was to have the keys, and how often it got them. */
  focuses: number;
  focused: RefObject<number>;
  onClose: () => void;
}

/** The forms of a step, or of the workflow where none is selected. They are loaded when they are first seen. */
export function Panel({ step, focuses, focused, onClose }: PanelProps): ReactNode {
  return (
    <Suspense fallback={<section className="vw-panel" aria-busy="true" aria-label="Details" />}>
      {step === undefined ? (
        <WorkflowPanel onClose={onClose} />
      ) : (
        <StepPanel key={step} id={step} onClose={onClose} />
      )}
      <Focus wanted={focuses} done={focused} first={first} />
    </Suspense>
  );
}
