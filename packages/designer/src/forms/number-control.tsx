import { type ReactNode, useState } from 'react';
import type { FieldControl } from '../style/index.ts';
import { isExact } from './field-kind.ts';
import { Unread } from './unread.tsx';

export interface NumberControlProps {
  control: FieldControl;
  isInteger: boolean;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  placeholder: string | undefined;
}

/** A number. What is none, or would become another one, is told of and given to nobody: the value stays what it was. */
export function NumberControl(props: NumberControlProps): ReactNode {
  const { control, isInteger, value, onChange, placeholder } = props;
  const [typed, setTyped] = useState<{ text: string; value: number | undefined; problem?: string }>();
  // What is typed stays as it is, as long as nothing else changes the value.
  const own = typed?.value === value ? typed : undefined;
  return (
    <Unread control={control} problem={own?.problem}>
      {(marked) => (
        <input
          {...marked}
          className="vw-input"
          type="number"
          step={isInteger ? 1 : 'any'}
          placeholder={placeholder}
          value={own?.text ?? value ?? ''}
          // The event of React leaves out what the browser cannot read, such as a sign alone.
          onInput={({ currentTarget: { value: text, validity } }) => {
            const problem = validity.badInput
              ? 'This is not a number.'
              : isExact(text)
                ? undefined
                : 'This has more digits than a number can keep.';
            // An entry of a list that is given none becomes 0, and the problem would be gone with the text.
            if (problem !== undefined) return setTyped({ text, value, problem });
            const now = text === '' ? undefined : Number(text);
            setTyped({ text, value: now });
            onChange(now);
          }}
        />
      )}
    </Unread>
  );
}
