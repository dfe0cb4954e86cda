import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

export const pgBoss: Peer = {
  name: 'pg-boss',
  title: 'pg-boss',
  // Newer ones need a release of rrule-temporal that is not in every registry.
  packages: ['pg-boss@>=12 <=12.35.0'],
  backend: 'postgres',
  beside: 'program',
  same: 'less work',
  note: 'three jobs, each of which sends the next one; a job queue: it knows no workflow, no history and no outcome of the whole. LISTEN/NOTIFY is on, 64 jobs are fetched at a time',
  executions: 1500,
  start: ({ folder, databaseUrl }) => startProgram('pg-boss.mjs', folder, { DATABASE_URL: databaseUrl }),
};
