import type { ReactNode, RefObject } from 'react';
import { part } from '../style/part.tsx';
import { Focus } from './focus.tsx';

const instead = <section className="vw-panel" aria-busy="true" aria-label="Details" />;
const StepPanel = part(async () => (await import('../forms/step-panel.tsx')).StepPanel, instead);
const WorkflowPanel = part(async () => (await import('../forms/workflow-panel.tsx')).WorkflowPanel, instead);

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
  const focus = <Focus wanted={focuses} done={focused} first={first} />;
  if (step === undefined) return <WorkflowPanel onClose={onClose} follower={focus} />;
  return <StepPanel key={step} id={step} onClose={onClose} follower={focus} />;
}
