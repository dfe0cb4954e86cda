// Every page is loaded when it is gone to: whoever opens one does not wait for the others. It is no part of lazy-pages.tsx
// because the first script of all needs it, which is to be small.

import type { Route } from './route.ts';

interface PageLoads {
  dashboard: () => Promise<typeof import('../pages/dashboard.tsx')>;
  workflows: () => Promise<typeof import('../pages/workflows.tsx')>;
  workflow: () => Promise<typeof import('../pages/workflow.tsx')>;
  executions: () => Promise<typeof import('../pages/executions.tsx')>;
  execution: () => Promise<typeof import('../pages/execution.tsx')>;
  compare: () => Promise<typeof import('../pages/compare.tsx')>;
  approvals: () => Promise<typeof import('../pages/approvals.tsx')>;
  schedules: () => Promise<typeof import('../pages/schedules.tsx')>;
  queues: () => Promise<typeof import('../pages/queues.tsx')>;
  settings: () => Promise<typeof import('../pages/settings.tsx')>;
}

/** By what they are called in the address; `workflow` and `execution` are those of one. */
export const pageLoads: PageLoads = {
  dashboard: () => import('../pages/dashboard.tsx'),
  workflows: () => import('../pages/workflows.tsx'),
  workflow: () => import('../pages/workflow.tsx'),
  executions: () => import('../pages/executions.tsx'),
  execution: () => import('../pages/execution.tsx'),
  compare: () => import('../pages/compare.tsx'),
  approvals: () => import('../pages/approvals.tsx'),
  schedules: () => import('../pages/schedules.tsx'),
  queues: () => import('../pages/queues.tsx'),
  settings: () => import('../pages/settings.tsx'),
};

/** What a page shows at once, besides its own code: all of it is on its way at the same time. */
const alsoLoads: Readonly<Record<string, readonly (() => Promise<unknown>)[]>> = {
  workflow: [
    () => import('../pages/workflow-editor.tsx'),
    () => import('../layout/layout.ts'),
    () => import('../document/edits.ts'),
  ],
};

/** Begins to load the page that an address leads to, while the server is still being asked who may see it. */
export function loadPage({ path: [name = 'dashboard', id], query }: Route): void {
  const wanted = id === undefined ? name : ({ workflows: 'workflow', executions: 'execution' }[name] ?? name);
  if (!Object.hasOwn(pageLoads, wanted)) return;
  const also = query.has('view') ? [] : (alsoLoads[wanted] ?? []);
  // What could not be loaded is told of where it is shown.
  for (const load of [pageLoads[wanted as keyof typeof pageLoads], ...also]) load().catch(() => {});
}
