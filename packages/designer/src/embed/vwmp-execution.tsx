import type { ReactNode } from 'react';
import { ExecutionView } from '../watch/execution-view.tsx';
import { Frame, type FrameProps } from './frame.tsx';

export interface VwmpExecutionProps extends FrameProps {
  /** Id of the execution to show. */
  execution: string;
  /** Called with the id of the execution that runs it again. */
  onRetried?: (execution: string) => void;
}

/** One execution, live, to be put into a page of your own. It wants `@vwmp/designer/style.css`. */
export function VwmpExecution({ backend, theme, execution, onRetried }: VwmpExecutionProps): ReactNode {
  return (
    <Frame backend={backend} {...(theme && { theme })}>
      <ExecutionView key={execution} backend={backend} id={execution} {...(onRetried && { onRetried })} />
    </Frame>
  );
}
