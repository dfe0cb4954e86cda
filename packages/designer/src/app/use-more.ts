import { type DependencyList, useState } from 'react';
import type { Page } from '../backend.ts';
import { type Loaded, useLoad } from './use-load.ts';

export interface Growing<T> extends Loaded<Page<T>> {
  /** Loads the next part; undefined when there is none. */
  more: (() => void) | undefined;
}

/** A list that is loaded part by part, and grows. It begins anew whenever what it depends on changes. */
export function useMore<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  dependencies: DependencyList,
): Growing<T> {
  const first = useLoad(() => load(undefined), dependencies);
  const [rest, setRest] = useState<{ of: unknown; page: Page<T> }>();
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>();
  // What was loaded behind another first part is not shown behind this one.
  const known = rest?.of === first.data ? rest?.page : undefined;
  const last = known ?? first.data;
  const cursor = last?.next_cursor;
  const more = async (from: string): Promise<void> => {
    setLoading(true);
    setError(undefined);
    try {
      const { results, ...page } = await load(from);
      setRest({ of: first.data, page: { ...page, results: [...(known?.results ?? []), ...results] } });
    } catch (reason) {
      setError(reason);
    } finally {
      setLoading(false);
    }
  };
  return {
    ...first,
    data: first.data && { ...last, results: [...first.data.results, ...(known?.results ?? [])] },
    error: first.error ?? error,
    loading: first.loading || loading,
    more: cursor === undefined ? undefined : () => void more(cursor),
  };
}
