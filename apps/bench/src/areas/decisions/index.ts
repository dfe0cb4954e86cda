import type { Area } from '../../scenario.ts';
import { expressionsScenario } from './expressions.ts';
import { frameworksScenario } from './frameworks.ts';
import { runtimesScenario } from './runtimes.ts';
import { postgresScenario, queueScenario, sqliteScenario } from './storages.ts';

export const decisionsArea: Area = {
  name: 'decisions',
  title: 'what could have been chosen, side by side',
  scenarios: [
    frameworksScenario,
    sqliteScenario,
    postgresScenario,
    queueScenario,
    expressionsScenario,
    runtimesScenario,
  ],
};
