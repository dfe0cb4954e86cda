import { lazy, type ReactNode, Suspense } from 'react';
import type { Backend } from '../backend.ts';
import type { Server } from '../backends/server.ts';
import { DashboardPage } from '../pages/dashboard.tsx';
import { ExecutionsPage } from '../pages/executions.tsx';
import { Loading, Page } from '../pages/page.tsx';
import { WorkflowsPage } from '../pages/workflows.tsx';
import { ToastProvider } from '../style/index.ts';
import { BackendContext } from './backend-context.ts';
import { hrefOf, useRoute } from './route.ts';
import { ServerContext } from './server-context.ts';
import { Shell } from './shell.tsx';
import { useTheme } from './theme.ts';

const ExecutionPage = lazy(async () => ({ default: (await import('../pages/execution.tsx')).ExecutionPage }));
const WorkflowPage = lazy(async () => ({ default: (await import('../pages/workflow.tsx')).WorkflowPage }));
const ComparePage = lazy(async () => ({ default: (await import('../pages/compare.tsx')).ComparePage }));
const ApprovalsPage = lazy(async () => ({ default: (await import('../pages/approvals.tsx')).ApprovalsPage }));
const SchedulesPage = lazy(async () => ({ default: (await import('../pages/schedules.tsx')).SchedulesPage }));
const QueuesPage = lazy(async () => ({ default: (await import('../pages/queues.tsx')).QueuesPage }));
const SettingsPage = lazy(async () => ({ default: (await import('../pages/settings.tsx')).SettingsPage }));

export interface AppProps {
  backend: Backend;
  /** Missing where everything happens in the page. */
  server?: Server;
  onSignOut?: () => void;
}

/** The whole designer: every page, and the way between them. */
export function App({ backend, server, onSignOut }: AppProps): ReactNode {
  const theme = useTheme();
  return (
    <div className="vwmp vw-app" data-theme={theme === 'system' ? undefined : theme}>
      <BackendContext value={backend}>
        <ServerContext value={server}>
          <ToastProvider>
            <Shell hasServer={server !== undefined}>
              <Suspense fallback={<Loading lines={6} />}>
                <CurrentPage server={server} onSignOut={onSignOut} />
              </Suspense>
            </Shell>
          </ToastProvider>
        </ServerContext>
      </BackendContext>
    </div>
  );
}

function CurrentPage({ server, onSignOut }: Pick<AppProps, 'server' | 'onSignOut'>): ReactNode {
  const [page = '', id, other] = useRoute().path;
  if (page === '') return <DashboardPage />;
  if (page === 'workflows') return id === undefined ? <WorkflowsPage /> : <WorkflowPage key={id} id={id} />;
  if (page === 'executions') return id === undefined ? <ExecutionsPage /> : <ExecutionPage id={id} />;
  if (page === 'compare' && id !== undefined && other !== undefined)
    return <ComparePage first={id} second={other} />;
  if (page === 'approvals' && server) return <ApprovalsPage server={server} />;
  if (page === 'schedules' && server) return <SchedulesPage server={server} />;
  if (page === 'queues' && server) return <QueuesPage server={server} />;
  if (page === 'settings')
    return <SettingsPage {...(server && { server })} {...(onSignOut && { onSignOut })} />;
  return (
    <Page title="There is no such page">
      <p>The address may be mistyped, or what it was for is gone.</p>
      <p>
        <a href={hrefOf([])}>Go to the dashboard</a>
      </p>
    </Page>
  );
}
