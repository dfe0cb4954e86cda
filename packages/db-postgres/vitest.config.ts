import { defineProject } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

const conditions = ['source', 'module', 'node', 'development|production'];

export default defineProject({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    ...shared,
    name: 'packages/db-postgres',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['src/testing/cluster.ts'],
  },
});
