import type { ReactNode } from 'react';
import type { Loaded } from '../app/use-load.ts';
import { Button, EmptyState } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';

/** A page with a title and its buttons. */
export function Page({
  title,
  actions,
  children,
}: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <div className="vw-page">
      <header className="vw-page-head">
        <h1>{title}</h1>
        {actions && <div className="vw-row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Card({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className="vw-tile" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** What stands in a page that could not be filled. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  return (
    <EmptyState title="This could not be loaded" actions={<Button onClick={onRetry}>Try again</Button>}>
      {describe(error).message}
    </EmptyState>
  );
}

/** Whether an error says that something is not there. */
export function isNotThere(error: unknown): boolean {
  return describe(error).code?.endsWith('NOT_FOUND') ?? false;
}

/** Lines that stand for what is being loaded. */
export function Loading({ lines = 4 }: { lines?: number }): ReactNode {
  return (
    <div className="vw-loading" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

/** What stands in place of something that is not there: it is being loaded, or could not be. */
export function NotLoaded({
  of: { error, reload },
  lines,
}: {
  of: Loaded<unknown>;
  lines?: number;
}): ReactNode {
  return error === undefined ? (
    <Loading {...(lines !== undefined && { lines })} />
  ) : (
    <Failed error={error} onRetry={reload} />
  );
}
