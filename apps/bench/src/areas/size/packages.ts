import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { deployments } from './deployments.ts';
import { measureInstalled } from './installed.ts';

/** Each package for itself, without what it depends on. */
export const packagesScenario: Scenario = {
  name: 'packages',
  title: 'each package as installed, without what it depends on',
  async measure({ core }): Promise<Figure[]> {
    return deployments.full.packages.map((name) => {
      const folder = join(core.folder, 'node_modules', '@vwmp', name);
      if (!existsSync(folder)) throw new Error(`@vwmp/${name} is not installed.`);
      return plain({ id: `size.package.${name}`, what: `@vwmp/${name}`, unit: 'MiB' }, [
        measureInstalled(folder).allocated / mebibyte,
      ]);
    });
  },
};
