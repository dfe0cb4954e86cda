import type { Area } from '../../scenario.ts';
import { memoryScenario } from './memory.ts';
import { startScenario } from './start.ts';
import { deployed } from './vwmp.ts';

export const modesArea: Area = {
  name: 'modes',
  title: 'what each deployment mode takes, all of its processes and servers together',
  packages: deployed,
  scenarios: [memoryScenario, startScenario],
};
