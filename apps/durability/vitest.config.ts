import { defineProject } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

const conditions = ['source', 'module', 'node', 'development|production'];

export default defineProject({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    ...shared,
    name: 'apps/durability',
    include: ['src/**/*.test.ts'],
    // Platforms look for the packages of their adapters themselves: they are to find the sources.
    execArgv: ['--conditions=source'],
    // Six outages are endured at once, most of the time waiting: the sixth would begin when another has ended.
    maxConcurrency: 6,
  },
});
