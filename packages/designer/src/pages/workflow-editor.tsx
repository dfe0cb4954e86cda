import type { ReactNode } from 'react';

/** The editor, loaded when someone opens it. */
export default function WorkflowEditor(_props: {
  id: string;
  onStarted: (execution: string) => void;
}): ReactNode {
  return null;
}
