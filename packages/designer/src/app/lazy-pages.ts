// Every page is loaded when it is gone to: whoever opens one does not wait for the others.
import { type LazyExoticComponent, lazy } from 'react';

/** By what they are called in the address; `workflow` and `execution` are those of one. */
const loads = {
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

export const DashboardPage: LazyExoticComponent<typeof import('../pages/dashboard.tsx')['DashboardPage']> =
  lazy(async () => ({
    default: (await loads.dashboard()).DashboardPage,
  }));
export const WorkflowsPage: LazyExoticComponent<typeof import('../pages/workflows.tsx')['WorkflowsPage']> =
  lazy(async () => ({
    default: (await loads.workflows()).WorkflowsPage,
  }));
export const WorkflowPage: LazyExoticComponent<typeof import('../pages/workflow.tsx')['WorkflowPage']> = lazy(
  async () => ({
    default: (await loads.workflow()).WorkflowPage,
  }),
);
export const ExecutionsPage: LazyExoticComponent<typeof import('../pages/executions.tsx')['ExecutionsPage']> =
  lazy(async () => ({
    default: (await loads.executions()).ExecutionsPage,
  }));
export const ExecutionPage: LazyExoticComponent<typeof import('../pages/execution.tsx')['ExecutionPage']> =
  lazy(async () => ({
    default: (await loads.execution()).ExecutionPage,
  }));
export const ComparePage: LazyExoticComponent<typeof import('../pages/compare.tsx')['ComparePage']> = lazy(
  async () => ({
    default: (await loads.compare()).ComparePage,
  }),
);
export const ApprovalsPage: LazyExoticComponent<typeof import('../pages/approvals.tsx')['ApprovalsPage']> =
  lazy(async () => ({
    default: (await loads.approvals()).ApprovalsPage,
  }));
export const SchedulesPage: LazyExoticComponent<typeof import('../pages/schedules.tsx')['SchedulesPage']> =
  lazy(async () => ({
    default: (await loads.schedules()).SchedulesPage,
  }));
export const QueuesPage: LazyExoticComponent<typeof import('../pages/queues.tsx')['QueuesPage']> = lazy(
  async () => ({
    default: (await loads.queues()).QueuesPage,
  }),
);
export const SettingsPage: LazyExoticComponent<typeof import('../pages/settings.tsx')['SettingsPage']> = lazy(
  async () => ({
    default: (await loads.settings()).SettingsPage,
  }),
);

/** Begins to load the page that an address leads to, while the server is still being asked who may see it. */
export function loadPage([name = 'dashboard', id]: readonly string[]): void {
  const wanted = id === undefined ? name : ({ workflows: 'workflow', executions: 'execution' }[name] ?? name);
  // What could not be loaded is told of where it is shown.
  if (Object.hasOwn(loads, wanted)) loads[wanted as keyof typeof loads]().catch(() => {});
}
