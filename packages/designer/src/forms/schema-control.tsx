import type { JsonValue } from '@vwmp/core';
import { type ReactNode, useState } from 'react';
import type { Path } from '../document/index.ts';
import type { FieldControl } from '../style/index.ts';
import { ChoiceControl, type ChoiceControlProps, yesOrNo } from './choice-control.tsx';
import { CodeControl } from './code-control.tsx';
import { type FieldKind, readText } from './field-kind.ts';
import { FileControl } from './file-control.tsx';
import type { FormContext } from './form-context.ts';
import { NumberControl } from './number-control.tsx';
import { presetOf } from './preset.ts';
import { PreviewLine } from './preview-line.tsx';
import { SecretControl } from './secret-control.tsx';
import { TextControl } from './text-control.tsx';
import { ValueField } from './value-field.tsx';

export interface SchemaControlProps {
  control: FieldControl;
  form: FormContext;
  path: Path;
  label: string;
  kind: FieldKind;
  facts: Record<string, JsonValue>;
  value: JsonValue | undefined;
  asExpression: boolean;
  required: boolean;
  onChange: (value: JsonValue | undefined) => void;
}

/** The control of one value: the one that its kind wants, or one for an expression. */
export function SchemaControl(props: SchemaControlProps): ReactNode {
  const { control, form, path, label, kind, facts, value, asExpression, required, onChange } = props;
  const expressions = form.isPlain?.(path) ? undefined : form.expressions;
  /** As it was written, while that is what the value means: `1.0` on the way to `1.05`. */
  const [typed, setTyped] = useState<{ text: string; value: JsonValue | undefined }>();
  const preset = presetOf(facts);
  const example = Array.isArray(facts.examples) ? facts.examples[0] : undefined;
  const placeholder = preset ?? (typeof example === 'string' ? `e.g. ${example}` : undefined);
  const choice = kind.kind === 'boolean' ? yesOrNo : kind.kind === 'choice' ? labelled(kind) : undefined;
  if (!asExpression && choice && (value === undefined || choice.some((each) => isSame(each.value, value))))
    return (
      <ChoiceControl
        control={control}
        options={choice}
        value={value}
        none={
          preset === undefined
            ? required
              ? 'Choose…'
              : 'not set'
            : `${choice.find((each) => isSame(each.value, facts.default!))?.label ?? preset} (default)`
        }
        onChange={onChange}
      />
    );
  const preview = expressions && <PreviewLine template={value} place={expressions.place} />;
  if (kind.kind === 'any' || (value !== undefined && value !== null && typeof value === 'object'))
    return (
      <>
        <ValueField
          control={control}
          value={value}
          onChange={onChange}
          address={form.address?.(path)}
          {...(expressions && { expressions })}
          {...(placeholder !== undefined && { placeholder })}
        />
        {preview}
      </>
    );
  if (kind.kind === 'number' && !form.expressions)
    return (
      <NumberControl
        {...{ control, placeholder, onChange }}
        isInteger={kind.isInteger}
        value={typeof value === 'number' ? value : undefined}
      />
    );
  const isLong = kind.kind === 'text' && kind.isLong;
  const text = {
    control,
    value:
      typed && typed.value === value
        ? typed.text
        : value === undefined || value === null
          ? ''
          : String(value),
    onChange: (now: string) => {
      const read = readText(now, kind);
      setTyped({ text: now, value: read });
      onChange(read);
    },
    expressions,
    placeholder: asExpression && choice ? '${…}' : placeholder,
    rows: isLong || (typeof value === 'string' && value.includes('\n')) ? 3 : 1,
  };
  const role = kind.kind === 'text' ? kind.role : undefined;
  return (
    <>
      {role === 'secret' || role === 'secret-name' ? (
        <SecretControl {...text} label={label} byName={role === 'secret-name'} />
      ) : role === 'file' ? (
        <FileControl {...text} />
      ) : role === 'code' ? (
        <CodeControl {...text} label={label} />
      ) : (
        <TextControl {...text} />
      )}
      {preview}
    </>
  );
}

function labelled({
  options,
  labels,
}: Extract<FieldKind, { kind: 'choice' }>): ChoiceControlProps['options'] {
  return options.map((value, at) => ({
    value,
    label: String(labels?.[at] ?? (typeof value === 'object' ? JSON.stringify(value) : value)),
  }));
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
