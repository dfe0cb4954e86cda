import type { Area } from '../../scenario.ts';
import { deployed } from '../modes/vwmp.ts';
import { serverScenario } from './server.ts';
import { workerScenario } from './worker.ts';

export const idleArea: Area = {
  name: 'idle',
  title: 'what a server and a worker cost that have nothing to do',
  packages: deployed,
  scenarios: [serverScenario, workerScenario],
};
