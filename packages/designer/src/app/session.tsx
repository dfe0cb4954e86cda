import { hasCode } from '@vwmp/api/client';
import { type ReactNode, useEffect, useState } from 'react';
import { connectTo } from '../backends/connect.ts';
import { Loading } from '../pages/page.tsx';
import { Button, EmptyState } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { App } from './app.tsx';
import { loadPage } from './lazy-pages.ts';
import { readRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';
import { useTheme } from './theme.ts';

/** Kept for as long as the tab is open: a key is not left behind on a machine that others use. */
const kept = 'vwmp.key';

type State =
  | { kind: 'asking' }
  | { kind: 'signed-out' }
  | { kind: 'open'; connection: ReturnType<typeof connectTo>; withKey: boolean }
  | { kind: 'failed'; error: unknown };

/** The designer on the server that the page comes from, after a sign-in where it wants one. */
export function Session(): ReactNode {
  const theme = useTheme();
  const [state, setState] = useState<State>({ kind: 'asking' });
  const connect = async (key: string | undefined): Promise<void> => {
    const connection = connectTo(key === undefined ? {} : { key });
    await connection.server.listWorkflows({ limit: 1 });
    setState({ kind: 'open', connection, withKey: key !== undefined });
  };
  const begin = (): void => {
    setState({ kind: 'asking' });
    connect(sessionStorage.getItem(kept) ?? undefined).catch((error: unknown) => {
      const refused = hasCode(error, 'API_KEY_MISSING') || hasCode(error, 'API_KEY_INVALID');
      setState(refused ? { kind: 'signed-out' } : { kind: 'failed', error });
    });
  };
  useEffect(() => {
    loadPage(readRoute(location.hash).path);
    begin();
  }, []);
  const around = (content: ReactNode): ReactNode => (
    <div className="vwmp vw-app" data-theme={theme === 'system' ? undefined : theme}>
      {content}
    </div>
  );
  if (state.kind === 'asking') return around(<Loading lines={3} />);
  if (state.kind === 'failed')
    return around(
      <EmptyState title="The server does not answer" actions={<Button onClick={begin}>Try again</Button>}>
        {describe(state.error).message}
      </EmptyState>,
    );
  if (state.kind === 'signed-out')
    return around(
      <SignIn
        onKey={async (key) => {
          await connect(key);
          sessionStorage.setItem(kept, key);
        }}
      />,
    );
  const signOut = (): void => {
    sessionStorage.removeItem(kept);
    setState({ kind: 'signed-out' });
  };
  return (
    <App
      backend={state.connection.backend}
      server={state.connection.server}
      {...(state.withKey && { onSignOut: signOut })}
    />
  );
}
