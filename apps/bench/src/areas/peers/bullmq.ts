import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

export const bullmq: Peer = {
  name: 'bullmq',
  title: 'BullMQ flows',
  packages: ['bullmq', 'ioredis'],
  backend: 'redis',
  beside: 'program',
  same: 'less work',
  note: 'a flow of three jobs in Redis alone, which keeps the last 10,000; VWMP beside it keeps every outcome in PostgreSQL, too',
  executions: 3000,
  start: ({ folder, redisUrl }) => startProgram('bullmq.mjs', folder, { REDIS_URL: redisUrl }),
};
