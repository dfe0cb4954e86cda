import { useSyncExternalStore } from 'react';
import { getRoute, type Route } from './route.ts';

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** Where the reader is; what uses it follows. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, getRoute);
}
