import type { Area } from '../../scenario.ts';
import { memoryScenario } from './memory.ts';
import { executeScenario, getScenario } from './requests.ts';
import { socketScenario } from './socket.ts';
import { startScenario } from './start.ts';

export const apiArea: Area = {
  name: 'api',
  title: 'what the service costs beside bare servers',
  packages: ['core', 'queue-memory', 'db-sqlite', 'plugins', 'api', 'designer', 'cli'],
  registry: ['better-sqlite3@^13.2.0', 'ws@^8.23.0', 'hono@^4.13.19', '@hono/node-server@^2.1.8'],
  scenarios: [startScenario, memoryScenario, getScenario, executeScenario, socketScenario],
};
