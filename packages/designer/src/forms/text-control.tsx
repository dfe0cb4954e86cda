import type { ReactNode } from 'react';
import type { FieldControl } from '../style/index.ts';
import { ExpressionField } from './expression-field.tsx';
import type { Expressions } from './form-context.ts';

export interface TextControlProps {
  control: FieldControl;
  value: string;
  onChange: (value: string) => void;
  /** Missing where the text is taken as it is. */
  expressions: Expressions | undefined;
  placeholder: string | undefined;
  /** @defaultValue 1 */
  rows?: number;
  isCode?: boolean;
}

/** A text of one or more lines, with expressions in it where there can be. */
export function TextControl(props: TextControlProps): ReactNode {
  const { control, value, onChange, expressions, placeholder, rows = 1, isCode = false } = props;
  if (expressions)
    return (
      <ExpressionField
        control={control}
        value={value}
        onChange={onChange}
        names={expressions.names}
        rows={rows}
        {...(placeholder !== undefined && { placeholder })}
      />
    );
  const common = {
    ...control,
    placeholder,
    ...(!isCode && { dir: 'auto' }),
    value,
    autoComplete: 'off',
    spellCheck: !isCode,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return rows > 1 ? (
    <textarea {...common} className={`vw-textarea ${isCode ? 'vw-code' : ''}`} rows={rows} />
  ) : (
    <input {...common} className={`vw-input ${isCode ? 'vw-code' : ''}`} />
  );
}
