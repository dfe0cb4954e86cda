import { defineProject } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

// Without "module": what that leads to in @opentelemetry/api is no module that Node can load.
const conditions = ['source', 'node', 'development|production'];

export default defineProject({
  resolve: { conditions, mainFields: [] },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'], mainFields: [] } },
  test: {
    ...shared,
    name: 'packages/api',
    include: ['**/*.test.ts'],
  },
});
