import type { Area } from '../../scenario.ts';
import { deployed } from '../modes/vwmp.ts';
import { clientsScenario } from './clients.ts';
import { flatFullScenario, flatScenario } from './flat.ts';
import { graphScenario } from './graph.ts';
import { postgresScenario, sqliteScenario } from './lists.ts';
import { parkedScenario } from './parked.ts';

export const growthArea: Area = {
  name: 'growth',
  title: 'what becomes of it when there is much of everything',
  packages: deployed,
  scenarios: [
    sqliteScenario,
    postgresScenario,
    parkedScenario,
    graphScenario,
    flatScenario,
    flatFullScenario,
    clientsScenario,
  ],
};
