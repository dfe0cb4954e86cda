import type { JsonObject, JsonSchema, JsonValue } from '@vwmp/core';
import type { ReactNode } from 'react';
import type { FormContext } from './form-context.ts';
import { SchemaForm } from './schema-form.tsx';
import { withValueAt } from './with-value.ts';

export interface ValueFormProps {
  /** Of an object. */
  schema: JsonSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What is wrong, by the name of the field. */
  errors?: Readonly<Record<string, string>>;
}

/** A form of plain values: the parameters of a workflow, what an approval asks for. */
export function ValueForm({ schema, value, onChange, errors = {} }: ValueFormProps): ReactNode {
  const form: FormContext = {
    onChange: (path, now) => onChange((withValueAt(value, path, now) ?? {}) as JsonObject),
    problems: ([name, ...inside]) => {
      const message = inside.length === 0 ? errors[String(name)] : undefined;
      return message === undefined ? [] : [{ message }];
    },
  };
  return <SchemaForm form={form} schema={schema} value={value as JsonValue} />;
}
