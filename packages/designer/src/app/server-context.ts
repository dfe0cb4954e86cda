import { createContext, useContext } from 'react';
import type { Server } from '../backends/server.ts';

export const ServerContext: React.Context<Server | undefined> = createContext<Server | undefined>(undefined);

/** Undefined where everything happens in the page. */
export function useServer(): Server | undefined {
  return useContext(ServerContext);
}
