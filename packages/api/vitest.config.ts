import { defineProject } from 'vitest/config';

// Without "module": what that leads to in @opentelemetry/api is no module that Node can load.
const conditions = ['source', 'node', 'development|production'];

export default defineProject({
  resolve: { conditions, mainFields: [] },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'], mainFields: [] } },
  test: {
    name: 'packages/api',
    include: ['**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
