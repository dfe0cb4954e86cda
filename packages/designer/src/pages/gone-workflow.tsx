import type { ReactNode } from 'react';
import { Button, EmptyState } from '../style/index.ts';

/** A workflow was deleted, and work on it is still here. */
export function GoneWorkflow({
  onOpen,
  onDiscard,
}: {
  onOpen: () => void;
  onDiscard: () => void;
}): ReactNode {
  return (
    <EmptyState
      title="This workflow is no longer there"
      actions={
        <>
          <Button kind="primary" onClick={onOpen}>
            Open my work
          </Button>
          <Button onClick={onDiscard}>Discard it</Button>
        </>
      }
    >
      Your work that was not saved is still here: saving it creates the workflow again.
    </EmptyState>
  );
}
