import { type DependencyList, useMemo } from 'react';
import type { Page } from '../backend.ts';
import { type Loaded, type LoadOptions, useLoad } from './use-load.ts';

export interface Growing<T> extends Loaded<Page<T>> {
  /** Loads the next part; undefined when there is none. */
  more: (() => void) | undefined;
}

/** A list that is loaded part by part, and grows. It begins anew whenever what it depends on changes. */
export function useMore<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  dependencies: DependencyList,
  options?: LoadOptions,
): Growing<T> {
  const wanted = useMemo(() => ({ parts: 1 }), dependencies);
  const list = useLoad(() => loadParts(load, wanted.parts), dependencies, options);
  const { data, reload } = list;
  return {
    ...list,
    data: data?.page,
    more:
      data?.page.next_cursor === undefined
        ? undefined
        : () => {
            wanted.parts = data.parts + 1;
            reload();
          },
  };
}

/** Loads so many parts, as far as there are any. */
export async function loadParts<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  wanted: number,
): Promise<{ page: Page<T>; parts: number }> {
  let page = await load(undefined);
  let parts = 1;
  while (parts < wanted && page.next_cursor !== undefined) {
    const { results, ...next } = await load(page.next_cursor);
    page = { ...next, results: [...page.results, ...results] };
    parts++;
  }
  return { page, parts };
}
