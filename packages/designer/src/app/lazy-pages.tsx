import type { Server } from '../backends/server.ts';
import { Loading } from '../pages/page.tsx';
import { type Part, part } from '../style/part.tsx';
import { pageLoads as loads } from './load-page.ts';

interface OfServer {
  server: Server;
}

const instead = <Loading lines={6} />;

export const DashboardPage: Part<object> = part(async () => (await loads.dashboard()).DashboardPage, instead);
export const WorkflowsPage: Part<object> = part(async () => (await loads.workflows()).WorkflowsPage, instead);
export const WorkflowPage: Part<{ id: string }> = part(
  async () => (await loads.workflow()).WorkflowPage,
  instead,
);
export const ExecutionsPage: Part<object> = part(
  async () => (await loads.executions()).ExecutionsPage,
  instead,
);
export const ExecutionPage: Part<{ id: string }> = part(
  async () => (await loads.execution()).ExecutionPage,
  instead,
);
export const ComparePage: Part<{ first: string; second: string }> = part(
  async () => (await loads.compare()).ComparePage,
  instead,
);
export const ApprovalsPage: Part<OfServer> = part(
  async () => (await loads.approvals()).ApprovalsPage,
  instead,
);
export const SchedulesPage: Part<OfServer> = part(
  async () => (await loads.schedules()).SchedulesPage,
  instead,
);
export const QueuesPage: Part<OfServer> = part(async () => (await loads.queues()).QueuesPage, instead);
export const SettingsPage: Part<Partial<OfServer> & { onSignOut?: () => void }> = part(
  async () => (await loads.settings()).SettingsPage,
  instead,
);
