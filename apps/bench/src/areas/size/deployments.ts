import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import { install } from '../../measure/package.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { measureInstalled } from './installed.ts';

interface Deployment {
  what: string;
  packages: readonly ['core', ...string[]];
  /** What people add of the registry. */
  registry?: readonly string[];
}

const command = ['queue-memory', 'db-sqlite', 'plugins', 'api', 'designer', 'cli'] as const;

/** What people install, with everything that npm brings along. */
export const deployments: {
  embedded: Deployment;
  service: Deployment;
  sqlite: Deployment;
  betterSqlite: Deployment;
  command: Deployment;
  full: Deployment;
} = {
  embedded: { what: 'embedded: the core', packages: ['core'] },
  service: { what: 'service: core, API, queue in memory', packages: ['core', 'queue-memory', 'api'] },
  sqlite: {
    what: 'service with SQLite',
    packages: ['core', 'queue-memory', 'api', 'db-sqlite'],
  },
  betterSqlite: {
    what: 'service with SQLite by better-sqlite3',
    packages: ['core', 'queue-memory', 'api', 'db-sqlite'],
    registry: ['better-sqlite3@^13.2.0'],
  },
  command: { what: 'command line with designer and SQLite', packages: ['core', ...command] },
  full: {
    what: 'everything: PostgreSQL, Redis, plugins besides',
    packages: ['core', ...command, 'queue-redis', 'db-postgres', 'plugin-wasm', 'plugin-doc-healing'],
  },
};

/** Not a matter of time, so each is measured once. */
export const deploymentsScenario: Scenario = {
  name: 'deployments',
  title: 'npm install in a fresh folder, for each way to use it',
  async measure(): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const [id, { what, packages, registry }] of Object.entries(deployments)) {
      const installation = await install(packages, undefined, registry);
      try {
        const installed = measureInstalled(join(installation.folder, 'node_modules'));
        if (!installed.typed)
          throw new Error('The build has no type declarations: a complete one is larger.');
        figures.push(
          plain(
            {
              ...{ id: `size.${id}`, what, unit: 'MiB' },
              note: `${installed.packages} packages, ${installed.native} native files and install scripts, ${(installed.apparent / mebibyte).toFixed(2)} MiB in all files`,
            },
            [installed.allocated / mebibyte],
          ),
          plain({ id: `size.${id}.packages`, what: `${what}: packages`, unit: 'count' }, [
            installed.packages,
          ]),
        );
      } finally {
        installation.remove();
      }
    }
    return figures;
  },
};
