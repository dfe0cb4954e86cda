import type { Area } from '../../scenario.ts';
import { deployments, deploymentsScenario } from './deployments.ts';
import { packagesScenario } from './packages.ts';

export const sizeArea: Area = {
  name: 'size',
  title: 'what npm install puts on disk, from the packed packages',
  packages: deployments.full.packages,
  scenarios: [deploymentsScenario, packagesScenario],
};
