import type { Area } from '../../scenario.ts';
import { socketScenario } from './socket.ts';

export const apiArea: Area = {
  name: 'api',
  title: 'what the service costs beside bare servers',
  packages: ['core', 'queue-memory', 'db-sqlite', 'api'],
  registry: ['ws@^8.23.0'],
  scenarios: [socketScenario],
};
