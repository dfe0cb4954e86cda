import { KeyRound } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, Field } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';

export interface SignInProps {
  onKey: (key: string) => Promise<void>;
  /** Given where a key was let in before: it is asked for another one over the page, which stays as it is. */
  onSignOut?: () => void;
}

/** Asks for the API key that the server wants. */
export function SignIn({ onKey, onSignOut }: SignInProps): ReactNode {
  const [key, setKey] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await onKey(key.trim());
    } catch (reason) {
      setError(describe(reason).message);
    } finally {
      setBusy(false);
    }
  };
  const form = (
    <form onSubmit={submit}>
      <KeyRound size={28} aria-hidden="true" />
      <h1>{onSignOut ? 'Sign in again' : 'Sign in'}</h1>
      {onSignOut && (
        <p>
          The server does not accept the key any more. What is on the page stays, and goes on with another
          one.
        </p>
      )}
      <p className="vw-muted">
        {onSignOut ? 'A key is made with' : 'This server wants an API key. One is made with'}
      </p>
      <code>vwmp keys create NAME</code>
      <Field label="API key" error={error}>
        {(control) => (
          <input
            {...control}
            className="vw-input vw-code"
            type="password"
            autoComplete="current-password"
            placeholder="vwmp_…"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" disabled={busy || key.trim() === ''}>
        Sign in
      </Button>
      {onSignOut && <Button onClick={onSignOut}>Sign out</Button>}
    </form>
  );
  return onSignOut ? <Over>{form}</Over> : <main className="vw-sign-in">{form}</main>;
}

/** A dialog that only its buttons close. */
function Over({ children }: { children: ReactNode }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector('input')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="vw-sign-in"
      aria-label="Sign in again"
      closedby="none"
      // Where that is not known; the second Escape closes it all the same.
      onCancel={(event) => event.preventDefault()}
      onClose={({ currentTarget }) => currentTarget.isConnected && currentTarget.showModal()}
    >
      {children}
    </dialog>
  );
}
