import type { JsonValue } from '@vwmp/core';
import type { ReactNode } from 'react';
import type { FieldControl } from '../style/index.ts';
import { asChoice } from './as-choice.ts';

export interface ChoiceControlProps {
  control: FieldControl;
  options: readonly { readonly value: JsonValue; readonly label: string }[];
  value: JsonValue | undefined;
  /** What stands where nothing is chosen. */
  none: string;
  onChange: (value: JsonValue | undefined) => void;
}

/** One of several values, or none. */
export function ChoiceControl({ control, options, value, none, onChange }: ChoiceControlProps): ReactNode {
  return (
    <select
      className="vw-select"
      {...asChoice(control)}
      value={value === undefined ? '' : JSON.stringify(value)}
      onChange={({ target }) =>
        onChange(target.value === '' ? undefined : (JSON.parse(target.value) as JsonValue))
      }
    >
      <option value="">{none}</option>
      {options.map((option) => (
        <option key={JSON.stringify(option.value)} value={JSON.stringify(option.value)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export const yesOrNo: ChoiceControlProps['options'] = [
  { value: true, label: 'yes' },
  { value: false, label: 'no' },
];
