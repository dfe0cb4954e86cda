import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

export const graphileWorker: Peer = {
  name: 'graphile',
  title: 'graphile-worker',
  packages: ['graphile-worker'],
  backend: 'postgres',
  beside: 'program',
  same: 'less work',
  note: 'three jobs, each of which adds the next one; a job queue: what has ended is deleted, so there is no history and no outcome',
  executions: 3000,
  start: ({ folder, databaseUrl }) =>
    startProgram('graphile-worker.mjs', folder, { DATABASE_URL: databaseUrl }),
};
