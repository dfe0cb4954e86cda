import type { JsonValue } from '@vwmp/core';
import { type ReactNode, useRef, useState } from 'react';
import { useOnce } from '../app/use-once.ts';
import { useStartKey } from '../app/use-start-key.ts';
import { Button, Dialog, Field } from '../style/index.ts';
import { ErrorBox } from './error-box.tsx';

/** Few send one: what reads it is loaded then. */
async function readPayload(text: string): Promise<JsonValue> {
  return (await import('../forms/read-json.ts')).readJson(text, 'The payload');
}

/** Asks for the name and payload of a signal. @param props - `awaited`: names that steps wait for now */
export function SignalDialog(props: {
  awaited: readonly string[];
  onClose: () => void;
  onSend: (name: string, payload: JsonValue, key: string) => Promise<void>;
}): ReactNode {
  const { awaited, onClose, onSend } = props;
  // The first that is waited for once something is; not another one while someone writes its payload.
  const first = useRef(awaited[0]);
  first.current ??= awaited[0];
  const [typed, setTyped] = useState<string>();
  const name = typed ?? first.current ?? '';
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, once] = useOnce();
  const keyOf = useStartKey();
  const send = async (): Promise<void> => {
    try {
      const payload = text.trim() === '' ? null : await readPayload(text);
      await onSend(name, payload, keyOf(name, payload));
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <Dialog
      title="Send a signal"
      onClose={onClose}
      actions={
        <Button kind="primary" busy={busy} disabled={name === ''} onClick={() => once(send)}>
          Send
        </Button>
      }
    >
      <div className="vw-fields">
        <Field
          label="Name"
          hint={
            awaited.length > 0
              ? `Waited for: ${awaited.join(', ')}`
              : 'No step waits for one now; it is kept.'
          }
        >
          {(control) => (
            <input
              {...control}
              className="vw-input"
              value={name}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
        <Field label="Payload" note="JSON, optional">
          {(control) => (
            <textarea
              {...control}
              className="vw-textarea vw-code"
              rows={5}
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        {error !== undefined && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}
