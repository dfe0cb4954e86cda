import type { ReactNode } from 'react';
import type { Loaded } from '../app/use-load.ts';
import { describe } from '../watch/error-box.tsx';

/** Says that what is on screen could not be loaded again, and why. */
export function NotUpToDate({ of: { data, error, reload } }: { of: Loaded<unknown> }): ReactNode {
  if (data === undefined || error === undefined) return null;
  return (
    <p className="vw-note" data-tone="waiting" role="status">
      Not up to date: {describe(error).message}{' '}
      <button type="button" className="vw-link" onClick={reload}>
        Try again
      </button>
    </p>
  );
}
