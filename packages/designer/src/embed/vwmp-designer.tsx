import { type ReactNode, useState } from 'react';
import { useLoad } from '../app/use-load.ts';
import type { StoredWorkflow } from '../backend.ts';
import { Failed, Loading } from '../pages/page.tsx';
import WorkflowEditor from '../pages/workflow-editor.tsx';
import { Frame, type FrameProps } from './frame.tsx';

export interface VwmpDesignerProps extends FrameProps {
  /** Id of the workflow to edit. */
  workflow: string;
  onSaved?: (workflow: StoredWorkflow) => void;
  /** Called with the id of an execution that was started from the editor. */
  onStarted?: (execution: string) => void;
}

/**
 * The editor of one workflow, to be put into a page of your own. It wants `@vwmp/designer/style.css`.
 *
 * @example
 * ```tsx
 * const backend = createHttpBackend({ url: 'https://workflows.example.com', key });
 * <VwmpDesigner backend={backend} workflow="daily-report" onStarted={(execution) => show(execution)} />;
 * ```
 */
export function VwmpDesigner({ backend, theme, workflow, onSaved, onStarted }: VwmpDesignerProps): ReactNode {
  const [saved, setSaved] = useState<StoredWorkflow>();
  const { data, error, reload } = useLoad(() => backend.readWorkflow(workflow), [backend, workflow]);
  const shown = saved?.id === workflow ? saved : data;
  return (
    <Frame backend={backend} {...(theme && { theme })}>
      {shown?.id === workflow ? (
        <WorkflowEditor
          key={workflow}
          workflow={shown}
          onSaved={(next) => {
            setSaved(next);
            onSaved?.(next);
          }}
          onStarted={(execution) => onStarted?.(execution)}
        />
      ) : error === undefined ? (
        <Loading />
      ) : (
        <Failed error={error} onRetry={reload} />
      )}
    </Frame>
  );
}
