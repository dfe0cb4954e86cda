import type { ReactNode } from 'react';
import type { Backend, Role } from '../backend.ts';
import type { Server } from '../backends/server.ts';
import { Page } from '../pages/page.tsx';
import { Boundary, ToastProvider } from '../style/index.ts';
import { BackendContext } from './backend-context.ts';
import {
  ApprovalsPage,
  ComparePage,
  DashboardPage,
  ExecutionPage,
  ExecutionsPage,
  QueuesPage,
  SchedulesPage,
  SettingsPage,
  WorkflowPage,
  WorkflowsPage,
} from './lazy-pages.tsx';
import { RoleContext } from './role-context.ts';
import { hrefOf } from './route.ts';
import { ServerContext } from './server-context.ts';
import { Shell } from './shell.tsx';
import { useTheme } from './theme.ts';
import { useRoute } from './use-route.ts';

export interface AppProps {
  backend: Backend;
  /** Missing where everything happens in the page. */
  server?: Server;
  /** What may be done; undefined where that is not known. */
  role?: Role | undefined;
  onSignOut?: () => void;
  /** Stands over every page. */
  children?: ReactNode;
}

/** The whole designer: every page, and the way between them. */
export function App({ backend, server, role, onSignOut, children }: AppProps): ReactNode {
  const theme = useTheme();
  return (
    <div className="vwmp vw-app" data-theme={theme === 'system' ? undefined : theme}>
      <BackendContext value={backend}>
        <ServerContext value={server}>
          <RoleContext value={role}>
            <ToastProvider>
              <Shell hasServer={server !== undefined}>
                <CurrentPage server={server} onSignOut={onSignOut} />
              </Shell>
            </ToastProvider>
          </RoleContext>
        </ServerContext>
      </BackendContext>
      {children}
    </div>
  );
}

function CurrentPage(props: Pick<AppProps, 'server' | 'onSignOut'>): ReactNode {
  const { path } = useRoute();
  return <Boundary key={path.join('/')}>{pageAt(path, props)}</Boundary>;
}

function pageAt(
  [page = '', id, other]: readonly string[],
  { server, onSignOut }: Pick<AppProps, 'server' | 'onSignOut'>,
): ReactNode {
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
