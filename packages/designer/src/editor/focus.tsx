import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

export interface FocusProps {
  /** How often the focus was wanted in what stands before this, and how often it was moved there. */
  wanted: number;
  done: RefObject<number>;
  /** What takes it: the first that there is. */
  first: readonly string[];
}

/**
 * Moves the focus into what stands before it, as often as that was wanted. Beside something that is still being loaded it
 * is not there either, so that a wish is kept until it can be met.
 */
export function Focus({ wanted, done, first }: FocusProps): ReactNode {
  const own = useRef<HTMLElement>(null);
  useEffect(() => {
    if (done.current === wanted) return;
    done.current = wanted;
    for (const selector of first) {
      const found = own.current?.parentElement?.querySelector<HTMLElement>(selector);
      if (!found) continue;
      found.focus();
      return;
    }
  }, [wanted, done, first]);
  return <i ref={own} hidden />;
}
