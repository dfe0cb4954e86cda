import { createContext, type ReactNode, useContext, useId } from 'react';

/** Whether fields can only be read, and what is in them copied. */
export const ReadOnlyContext: React.Context<boolean> = createContext(false);

/** What the control of a field has to carry. */
export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  readOnly: true | undefined;
  /** True while its text stands nowhere else: undo is of the field then, not of the document. */
  'data-draft'?: boolean;
}

export interface FieldProps {
  label: ReactNode;
  /** Behind the label, in grey: "optional". */
  note?: ReactNode;
  /** At the other end of the label's line: a small button. */
  aside?: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Makes the control, an input say, with what ties it to its label. */
  children: (control: FieldControl) => ReactNode;
}

/**
 * A labelled control with a hint and an error.
 *
 * @example
 * ```tsx
 * <Field label="Name">{(control) => <input className="vw-input" {...control} />}</Field>
 * ```
 */
export function Field({ label, note, aside, hint, error, children }: FieldProps): ReactNode {
  const id = useId();
  const readOnly = useContext(ReadOnlyContext) || undefined;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="vw-field">
      <div className="vw-field-line">
        <label className="vw-field-label" htmlFor={id}>
          {label}
          {note && <span>{note}</span>}
        </label>
        {aside}
      </div>
      {children({
        ...{ id, readOnly },
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p className="vw-field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="vw-field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
