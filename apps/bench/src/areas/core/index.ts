import type { Area } from '../../scenario.ts';
import { chainScenario } from './chain.ts';
import { cliScenario } from './cli.ts';
import { fanOutScenario } from './fan-out.ts';
import { flatScenario } from './flat.ts';
import { foreachScenario } from './foreach.ts';
import { handlesScenario } from './handles.ts';
import { importScenario } from './import.ts';
import { installScenario } from './install.ts';
import { runYamlScenario } from './run-yaml.ts';

export const coreArea: Area = {
  name: 'core',
  title: 'the engine inside a program: import, memory, speed, what it leaves behind',
  scenarios: [
    importScenario,
    runYamlScenario,
    installScenario,
    chainScenario,
    fanOutScenario,
    foreachScenario,
    flatScenario,
    handlesScenario,
    cliScenario,
  ],
};
