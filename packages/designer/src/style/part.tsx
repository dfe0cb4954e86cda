import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** A component whose code is loaded when it is first shown. */
export interface Part<Props extends object> {
  /** @param props - `follower`: shown behind the content, as soon as that is there */
  (props: Props & { follower?: ReactNode }): ReactNode;
  /** Begins to load it: whoever knows that it is shown soon need not wait until it is. */
  load(): Promise<void>;
}

/**
 * Makes a part of the page. It stands in for `lazy` and `Suspense` of React, which show what was waited for 0.3 s after
 * what stood in its place at the earliest: that was half of the time until an editor was seen.
 *
 * @param instead - is shown until the part is there
 */
export function part<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  instead: ReactNode = null,
): Part<Props> {
  let Content: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    loading ??= load().then(
      (content) => {
        Content = content;
      },
      (error: unknown) => {
        // It may be there when it is asked for again.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  function PartView({ follower, ...props }: Props & { follower?: ReactNode }): ReactNode {
    const [isLoaded, setLoaded] = useState(Content !== undefined);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (isLoaded || failed) return;
      let isGone = false;
      begin().then(
        () => isGone || setLoaded(true),
        () => isGone || setFailed(true),
      );
      return () => {
        isGone = true;
      };
    }, [isLoaded, failed]);
    if (failed) return <NotLoaded onRetry={() => setFailed(false)} />;
    if (!Content || !isLoaded) return instead;
    return (
      <>
        <Content {...(props as unknown as Props)} />
        {follower}
      </>
    );
  }
  return Object.assign(PartView, { load: begin });
}

/** Stands in place of a part that did not come; what is around it goes on. */
function NotLoaded({ onRetry }: { onRetry: () => void }): ReactNode {
  return (
    <div className="vw-not-loaded" role="alert" ref={intoSight}>
      <EmptyState
        title="This part of the page could not be loaded"
        actions={
          <>
            <Button kind="primary" onClick={onRetry}>
              Try again
            </Button>
            <Button onClick={() => location.reload()}>Load the page again</Button>
          </>
        }
      >
        The server is away, or has become another version, which the page as a whole has to follow.
      </EmptyState>
    </div>
  );
}

/** A dialog that did not come stands below everything else. */
function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
