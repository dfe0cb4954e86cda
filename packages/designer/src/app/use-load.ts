import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<T> {
  /** What was loaded last, also while it is loaded again. */
  data: T | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

export interface LoadOptions {
  /** Loads again so often while the page is seen, in milliseconds. @defaultValue never */
  every?: number;
}

/** Loads something whenever what it depends on changes; an answer that comes too late is dropped. */
export function useLoad<T>(
  load: () => Promise<T>,
  dependencies: DependencyList,
  { every }: LoadOptions = {},
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    data: undefined,
    error: undefined,
    loading: true,
  });
  const turn = useRef(0);
  const isLoading = useRef(false);
  const reload = useCallback(() => {
    const own = ++turn.current;
    isLoading.current = true;
    setState((before) => ({ ...before, loading: true }));
    const end = (change: Partial<Omit<Loaded<T>, 'reload'>>): void => {
      if (own !== turn.current) return;
      isLoading.current = false;
      setState((before) => ({ ...before, ...change, loading: false }));
    };
    load().then(
      (data) => end({ data, error: undefined }),
      (error: unknown) => end({ error }),
    );
  }, dependencies);
  useEffect(() => {
    reload();
    return () => {
      turn.current++;
    };
  }, [reload]);
  useEffect(() => {
    if (every === undefined) return;
    const timer = setInterval(() => {
      // A server that is slower than this would never be seen to answer.
      if (document.visibilityState === 'visible' && !isLoading.current) reload();
    }, every);
    return () => clearInterval(timer);
  }, [every, reload]);
  return { ...state, reload };
}
