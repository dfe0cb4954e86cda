import { type ReactNode, useState } from 'react';
import { Field } from '../style/index.ts';

export interface TextFieldProps {
  label: string;
  value: string;
  note?: string;
  hint?: string;
  error?: string;
  placeholder?: string;
  /** More than one makes it a field of several lines. */
  rows?: number;
  isCode?: boolean;
  /** For every letter. */
  onChange?: (value: string) => void;
  /** When it is left, or Enter is pressed. */
  onCommit?: (value: string) => void;
}

/** A line or more of text. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, note, hint, error, placeholder, rows = 1, isCode, onChange, onCommit } = props;
  const [draft, setDraft] = useState<string>();
  const isDraft = draft !== undefined && draft !== value;
  const commit = (): void => {
    if (isDraft) onCommit?.(draft);
    setDraft(undefined);
  };
  return (
    <Field label={label} note={note} hint={hint} error={error}>
      {(control) => {
        const common = {
          ...control,
          value: draft ?? value,
          'data-draft': isDraft || undefined,
          placeholder,
          ...(!isCode && { dir: 'auto' }),
          spellCheck: isCode ? false : undefined,
          onChange: (event: { target: { value: string } }) =>
            onCommit ? setDraft(event.target.value) : onChange?.(event.target.value),
          onBlur: commit,
        };
        return rows > 1 ? (
          <textarea className="vw-textarea" rows={rows} {...common} />
        ) : (
          <input
            className={`vw-input ${isCode ? 'vw-code' : ''}`}
            {...common}
            onKeyDown={({ key, ctrlKey, metaKey, nativeEvent }) => {
              // What is saved is what stands here.
              const isSave = (ctrlKey || metaKey) && key === 's';
              if ((key === 'Enter' || isSave) && !nativeEvent.isComposing) commit();
            }}
          />
        );
      }}
    </Field>
  );
}
