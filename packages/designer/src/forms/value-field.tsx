import type { JsonValue } from '@vwmp/core';
import { type ReactNode, useState } from 'react';
import type { FieldControl } from '../style/index.ts';
import { ExpressionField } from './expression-field.tsx';
import type { Name } from './scope.ts';
import { readValue, showValue } from './value-text.ts';

export interface ValueFieldProps {
  control: FieldControl;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
  names: () => readonly Name[];
  placeholder?: string;
  rows?: number;
}

/** Any value, written as YAML: it becomes the value as soon as it can be read. */
export function ValueField({
  control,
  value,
  onChange,
  names,
  placeholder,
  rows = 2,
}: ValueFieldProps): ReactNode {
  const [draft, setDraft] = useState<{ text: string; value: string }>();
  const written = JSON.stringify(value);
  // What someone is writing stays as it is, as long as nothing else changes the value.
  const text = draft && draft.value === written ? draft.text : showValue(value);
  const reading = readValue(text);
  return (
    <>
      <ExpressionField
        control={'error' in reading ? { ...control, 'aria-invalid': true } : control}
        value={text}
        rows={rows}
        names={names}
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
      {'error' in reading && <p className="vw-field-error">{reading.error}</p>}
    </>
  );
}
