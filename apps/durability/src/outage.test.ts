import { testOutages } from './testing/outages.ts';

// At the same time, as most of it is waiting; each has servers of its own.
testOutages('PostgreSQL', {
  server: (ground) => ground.postgres(),
  ...{ variable: 'VWMP_DATABASE_URL', part: 'database' },
});
testOutages('Redis', {
  server: (ground) => ground.redis(),
  ...{ variable: 'VWMP_REDIS_URL', part: 'queue' },
});
