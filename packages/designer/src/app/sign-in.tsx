import { KeyRound } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button, Field } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';

/** Asks for the API key that the server wants. */
export function SignIn({ onKey }: { onKey: (key: string) => Promise<void> }): ReactNode {
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
  return (
    <main className="vw-sign-in">
      <form onSubmit={submit}>
        <KeyRound size={28} aria-hidden="true" />
        <h1>Sign in</h1>
        <p className="vw-muted">This server wants an API key. One is made with</p>
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
      </form>
    </main>
  );
}
