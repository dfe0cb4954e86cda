import type { Area } from '../../scenario.ts';
import { deployed } from '../modes/vwmp.ts';
import { postgresScenario, sqliteScenario } from './lists.ts';

export const growthArea: Area = {
  name: 'growth',
  title: 'what becomes of it when there is much of everything',
  packages: deployed,
  scenarios: [sqliteScenario, postgresScenario],
};
