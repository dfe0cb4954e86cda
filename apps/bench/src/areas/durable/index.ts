import type { Area } from '../../scenario.ts';
import { recoveryScenario } from './recovery.ts';
import { postgresScenario, redisScenario, sqliteScenario } from './throughput.ts';
import { workersScenario } from './workers.ts';

export const durableArea: Area = {
  name: 'durable',
  title:
    'what it costs to survive crashes: executions per second beside raw commits and jobs, recovery, workers',
  packages: ['core', 'queue-memory', 'queue-redis', 'db-sqlite', 'db-postgres'],
  registry: ['better-sqlite3@^13.2.0', 'pg', 'bullmq@~6.7.0', 'ioredis@^6.0.0'],
  scenarios: [sqliteScenario, postgresScenario, redisScenario, recoveryScenario, workersScenario],
};
