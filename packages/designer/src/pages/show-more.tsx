import type { ReactNode } from 'react';
import type { Growing } from '../app/use-more.ts';
import { Button } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';

/** The end of a list that has more: how much of it is here, and the way to the rest. */
export function ShowMore({ of: { data, error, more } }: { of: Growing<unknown> }): ReactNode {
  if (!data || !more) return null;
  const shown = data.results.length.toLocaleString();
  return (
    <footer className="vw-pager">
      {error !== undefined && <span className="vw-field-error">{describe(error).message}</span>}
      <span className="vw-muted">
        {data.count === undefined ? `The first ${shown}` : `${shown} of ${data.count.toLocaleString()}`}
      </span>
      <Button size="s" onClick={more}>
        Show more
      </Button>
    </footer>
  );
}
