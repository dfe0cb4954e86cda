import type { JsonObject, JsonSchema, Problem, Wait } from '@vwmp/core';
import { Check, X } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useRefusal } from '../app/role-context.ts';
import { goToUnread } from '../forms/unread.tsx';
import { Button, Field, ReadOnlyContext } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { describe, ErrorBox } from './error-box.tsx';

// Few ask for more than yes or no.
const ValueForm = part(
  async () => (await import('../forms/value-form.tsx')).ValueForm,
  <p className="vw-muted">Loading…</p>,
);

export interface ApprovalFormProps {
  prompt: string;
  form?: Extract<Wait, { kind: 'approval' }>['form'];
  /** Id of what tells it apart from others with the same question. */
  about?: string;
  /** Of its heading. @defaultValue 3 */
  level?: 2 | 3;
  onDecide: (decision: { approved: boolean; comment?: string; values?: JsonObject }) => Promise<void>;
}

/** The question of an approval, what it wants to know, and the two answers. */
export function ApprovalForm({
  prompt,
  form,
  about = '',
  level = 3,
  onDecide,
}: ApprovalFormProps): ReactNode {
  const id = useId();
  const own = useRef<HTMLElement>(null);
  const Heading = `h${level}` as const;
  const [values, setValues] = useState<JsonObject>({});
  const [comment, setComment] = useState('');
  const [error, setError] = useState<unknown>();
  const [deciding, setDeciding] = useState(false);
  const decide = async (approved: boolean): Promise<void> => {
    if (approved && goToUnread(own.current)) return;
    setDeciding(true);
    setError(undefined);
    // What is decided goes away, and the keys with it unless what is around takes them.
    const around = own.current?.closest<HTMLElement>('[tabindex="-1"]');
    try {
      await onDecide({
        approved,
        ...(comment !== '' && { comment }),
        ...(approved && form !== undefined && { values }),
      });
      around?.focus();
    } catch (reason) {
      setError(reason);
    } finally {
      setDeciding(false);
    }
  };
  const isReadOnly = useRefusal('executor') !== undefined;
  const errors = valueErrors(error);
  return (
    <section ref={own} className="vw-approval" aria-labelledby={`${id} ${about}`.trim()}>
      <Heading id={id} dir="auto">
        {prompt}
      </Heading>
      <ReadOnlyContext value={isReadOnly}>
        {form !== undefined && (
          <ValueForm schema={form as JsonSchema} value={values} onChange={setValues} errors={errors} />
        )}
        <Field label="Comment" note="optional">
          {(control) => (
            <input
              {...control}
              className="vw-input"
              value={comment}
              onChange={({ target }) => setComment(target.value)}
            />
          )}
        </Field>
      </ReadOnlyContext>
      {error !== undefined && Object.keys(errors).length === 0 && <ErrorBox error={error} />}
      <div className="vw-row">
        <Button
          kind="primary"
          needs="executor"
          icon={<Check size={15} />}
          busy={deciding}
          onClick={() => decide(true)}
        >
          Approve
        </Button>
        <Button needs="executor" icon={<X size={15} />} busy={deciding} onClick={() => decide(false)}>
          Reject
        </Button>
      </div>
    </section>
  );
}

/** What is wrong with each value of the form; none when something else is wrong too, which then is told as a whole. */
function valueErrors(error: unknown): Record<string, string> {
  const { details } = describe(error);
  const found = (Array.isArray(details) ? (details as Partial<Problem>[]) : []).map(
    ({ path = '', message = '' }) => [/^values\.([^.[]+)/.exec(path)?.[1], message] as const,
  );
  return found.every(([name]) => name !== undefined) ? Object.fromEntries(found) : {};
}
