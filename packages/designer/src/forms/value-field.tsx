import type { JsonValue } from '@vwmp/core';
import { type ReactNode, useState } from 'react';
import type { FieldControl } from '../style/index.ts';
import type { Expressions } from './form-context.ts';
import { TextControl } from './text-control.tsx';
import { Unread } from './unread.tsx';
import { readValue, showValue } from './value-text.ts';

export interface ValueFieldProps {
  control: FieldControl;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
  /** Missing where there are no expressions. */
  expressions?: Expressions;
  placeholder?: string;
  rows?: number;
}

/** Any value, written as YAML: it becomes the value as soon as it can be read. */
export function ValueField({
  control,
  value,
  onChange,
  expressions,
  placeholder,
  rows = 2,
}: ValueFieldProps): ReactNode {
  const [draft, setDraft] = useState<{ text: string; value: string }>();
  const written = JSON.stringify(value);
  // What someone is writing stays as it is, as long as nothing else changes the value.
  const text = draft && draft.value === written ? draft.text : showValue(value);
  const reading = readValue(text);
  return (
    <Unread control={control} problem={'error' in reading ? reading.error : undefined}>
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
              value: 'error' in read ? (written as string) : (JSON.stringify(read.value) as string),
            });
            if (!('error' in read)) onChange(read.value);
          }}
        />
      )}
    </Unread>
  );
}
