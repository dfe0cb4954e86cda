import { createContext, useContext } from 'react';
import type { Backend } from '../backend.ts';

export const BackendContext: React.Context<Backend | undefined> = createContext<Backend | undefined>(
  undefined,
);

/** What everything on screen reads and writes through. */
export function useBackend(): Backend {
  const backend = useContext(BackendContext);
  if (!backend) throw new Error('There is no <BackendContext> around this component.');
  return backend;
}
