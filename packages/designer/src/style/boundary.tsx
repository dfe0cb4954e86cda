import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/**
 * Keeps what is around it when something in it cannot be shown: mostly a part of the page that could not be loaded, as the
 * connection is lost or the server has become another version, of which the page knows nothing yet.
 */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown; failed: boolean }> {
  override state: { error: unknown; failed: boolean } = { error: undefined, failed: false };

  static getDerivedStateFromError(error: unknown): { error: unknown; failed: boolean } {
    return { error, failed: true };
  }

  override render(): ReactNode {
    const { error, failed } = this.state;
    if (!failed) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          title="This part of the page could not be shown"
          actions={
            <Button kind="primary" onClick={() => location.reload()}>
              Load the page again
            </Button>
          }
        >
          {error instanceof Error ? error.message : String(error)} What was typed into the editor is kept.
        </EmptyState>
      </div>
    );
  }
}
