import { startPostgres } from '@vwmp/test-servers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a cluster for all tests of this package, with the right to make databases. */
    postgres: string;
  }
}

/** Starts the cluster that the tests share, each with databases of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ config: { max_connections: '200' } });
  project.provide('postgres', server.url);
  return server.stop;
}
