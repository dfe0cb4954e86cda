import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

export const dbos: Peer = {
  name: 'dbos',
  title: 'DBOS',
  packages: ['@dbos-inc/dbos-sdk'],
  backend: 'postgres',
  beside: 'program',
  same: 'the same work',
  note: 'a registered workflow of three steps, each recorded; its admin server is off',
  executions: 3000,
  start: ({ folder, databaseUrl }) => startProgram('dbos.mjs', folder, { DATABASE_URL: databaseUrl }),
};
