import { type ReactNode, useEffect, useState } from 'react';
import type { Role } from '../backend.ts';
import { wantsKey } from '../backends/connect.ts';
import { Loading } from '../pages/page.tsx';
import { Button, EmptyState } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { describe } from '../watch/error-box.tsx';
import { App } from './app.tsx';
import { checkKey, forgetKey, keepKey, type Opening, openSession } from './opening.ts';
import { useTheme } from './theme.ts';
import { pageConflicts } from './use-conflicts.ts';

const SignIn = part(async () => (await import('./sign-in.tsx')).SignIn);

type State =
  | { kind: 'asking'; opening: Opening }
  | { kind: 'signed-out' }
  | { kind: 'open'; opening: Opening; role: Role | undefined }
  | { kind: 'failed'; error: unknown };

/**
 * The designer on the server that the page comes from, after a sign-in where it wants one.
 *
 * @param opening - begun before this could be shown
 */
export function Session({ opening }: { opening: Opening }): ReactNode {
  const theme = useTheme();
  const [state, setState] = useState<State>({ kind: 'asking', opening });
  useEffect(() => {
    if (state.kind !== 'asking') return;
    state.opening.allowed.then(
      (role) => setState({ kind: 'open', opening: state.opening, role }),
      (error: unknown) => {
        setState(wantsKey(error) ? { kind: 'signed-out' } : { kind: 'failed', error });
      },
    );
  }, [state]);
  const [asked, setAsked] = useState<PromiseWithResolvers<string>>();
  useEffect(() => {
    if (state.kind !== 'open') return;
    const { refusal } = state.opening;
    let waiting: PromiseWithResolvers<string> | undefined;
    // Whatever else is refused meanwhile waits for the same key.
    refusal.ask = () => {
      waiting ??= Promise.withResolvers();
      setAsked(waiting);
      return waiting.promise;
    };
    return () => {
      refusal.ask = undefined;
    };
  }, [state]);
  const around = (content: ReactNode): ReactNode => (
    <div className="vwmp vw-app" data-theme={theme === 'system' ? undefined : theme}>
      {content}
    </div>
  );
  if (state.kind === 'asking') return around(<Loading lines={3} />);
  if (state.kind === 'failed')
    return around(
      <EmptyState
        title="The server does not answer"
        actions={
          <Button onClick={() => setState({ kind: 'asking', opening: openSession() })}>Try again</Button>
        }
      >
        {describe(state.error).message}
      </EmptyState>,
    );
  if (state.kind === 'signed-out')
    return around(
      <SignIn
        onKey={async (key) => {
          const next = openSession(key);
          const role = await next.allowed;
          keepKey(key);
          setState({ kind: 'open', opening: next, role });
        }}
      />,
    );
  const signOut = (): void => {
    forgetKey();
    pageConflicts.clear();
    setAsked(undefined);
    setState({ kind: 'signed-out' });
  };
  return (
    <App
      backend={state.opening.backend}
      server={state.opening.server}
      role={state.role}
      {...(state.opening.withKey && { onSignOut: signOut })}
    >
      {asked && (
        <SignIn
          onKey={async (key) => {
            const role = await checkKey(key);
            keepKey(key);
            setAsked(undefined);
            setState({ kind: 'open', opening: { ...state.opening, withKey: true }, role });
            asked.resolve(key);
          }}
          onSignOut={signOut}
        />
      )}
    </App>
  );
}
