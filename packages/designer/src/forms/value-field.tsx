import type { JsonValue } from '@vwmp/core';
import { type ReactNode, useContext, useLayoutEffect, useState } from 'react';
import type { Path } from '../document/index.ts';
import { EditorContext } from '../editor/use-editor.ts';
import type { FieldControl } from '../style/index.ts';
import type { Expressions } from './form-context.ts';
import { TextControl } from './text-control.tsx';
import { Unread } from './unread.tsx';
import { useUnread } from './use-unread.ts';
import { readValue, showValue } from './value-text.ts';

export interface ValueFieldProps {
  control: FieldControl;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
  /** Missing where there are no expressions. */
  expressions?: Expressions;
  placeholder?: string;
  rows?: number;
  /** Where the value is in the document: what cannot be read of it is kept there. See `Unread`. */
  address?: Path | undefined;
}

/** Any value, written as YAML: it becomes the value as soon as it can be read. */
export function ValueField({
  control,
  value,
  onChange,
  expressions,
  placeholder,
  rows = 2,
  address,
}: ValueFieldProps): ReactNode {
  const document = useContext(EditorContext)?.document;
  const place = address && JSON.stringify(address);
  const kept = useUnread().find((each) => JSON.stringify(each.address) === place);
  const [draft, setDraft] = useState<{ text: string; value: string | undefined } | undefined>(kept);
  const written = JSON.stringify(value);
  // What someone is writing stays as it is, as long as nothing else changes the value.
  const own = draft && draft.value === written ? draft.text : undefined;
  const text = own ?? showValue(value);
  const reading = readValue(text);
  const problem = 'error' in reading ? reading.error : undefined;
  // Before anything else can be done with the document. It stays when the field goes.
  useLayoutEffect(() => {
    if (!document || !address) return;
    const label = window.document.querySelector(`label[for="${CSS.escape(control.id)}"]`)?.firstChild;
    document.leaveUnread(
      address,
      problem === undefined || own === undefined
        ? undefined
        : { label: label?.textContent ?? '', text, value: written },
    );
  }, [document, place, problem, own, written]);
  return (
    <Unread control={control} problem={problem}>
      {(marked) => (
        <TextControl
          control={marked}
          value={text}
          rows={rows}
          expressions={expressions}
          isCode
          placeholder={placeholder}
          onChange={(now) => {
            const read = readValue(now);
            setDraft({
              text: now,
              value: 'error' in read ? written : JSON.stringify(read.value),
            });
            if (!('error' in read)) onChange(read.value);
          }}
        />
      )}
    </Unread>
  );
}
