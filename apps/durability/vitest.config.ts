import { defineProject } from 'vitest/config';

const conditions = ['source', 'module', 'node', 'development|production'];

export default defineProject({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    name: 'apps/durability',
    include: ['src/**/*.test.ts'],
    // Platforms look for the packages of their adapters themselves: they are to find the sources.
    execArgv: ['--conditions=source'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
