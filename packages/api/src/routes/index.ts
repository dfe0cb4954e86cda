import type { Routes } from '../app/route.ts';
import { approvalRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { catalogRoutes } from './catalog.ts';
import { executionRoutes } from './executions.ts';
import { historyRoutes } from './history.ts';
import { keyRoutes } from './keys.ts';
import { queueRoutes } from './queues.ts';
import { scheduleRoutes } from './schedules.ts';
import { workflowRoutes } from './workflows.ts';

/** What happens at every operation. */
export const routes: Routes = {
  ...workflowRoutes,
  ...executionRoutes,
  ...approvalRoutes,
  ...historyRoutes,
  ...catalogRoutes,
  ...queueRoutes,
  ...scheduleRoutes,
  ...auditRoutes,
  ...keyRoutes,
};
