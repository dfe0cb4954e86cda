import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { shared } from './vitest.shared.ts';

const root = import.meta.dirname;
const folders = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
);

/** Every package is a project of its own; a package with a vitest.config.ts (a browser, say) brings its own settings. */
const projects: (string | TestProjectInlineConfiguration)[] = [
  ...folders,
  'deploy',
  'tooling/test-servers',
  'examples',
  'scripts',
]
  .filter((folder) => existsSync(join(root, folder)))
  .map((folder) =>
    existsSync(join(root, folder, 'vitest.config.ts'))
      ? `${folder}/vitest.config.ts`
      : {
          extends: true,
          root: join(root, folder),
          test: { name: folder, include: ['**/*.test.{ts,tsx,mjs}'] },
        },
  );

// Workspace packages resolve to their sources, so that tests need no build and stack traces point at what was written.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: { ...shared, projects, passWithNoTests: false },
});
