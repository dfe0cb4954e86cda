import type { JsonObject, JsonSchema, JsonValue } from '@vwmp/core';
import type { ReactNode } from 'react';
import { Field } from '../style/index.ts';

export interface ValueFormProps {
  /** Of an object. */
  schema: JsonSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What is wrong, by the name of the field. */
  errors?: Readonly<Record<string, string>>;
}

/** A form for the properties of an object: parameters of a workflow, what an approval asks for. */
export function ValueForm({ schema, value, onChange, errors = {} }: ValueFormProps): ReactNode {
  if (typeof schema === 'boolean') return null;
  const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>;
  const required = new Set((schema.required ?? []) as string[]);
  const set = (name: string, next: JsonValue | undefined): void => {
    const { [name]: _, ...rest } = value;
    onChange(next === undefined ? rest : { ...rest, [name]: next });
  };
  return (
    <div className="vw-fields">
      {Object.entries(properties).map(([name, property]) => (
        <Field
          key={name}
          label={typeof property.title === 'string' ? property.title : name}
          note={required.has(name) ? undefined : 'optional'}
          hint={typeof property.description === 'string' ? property.description : undefined}
          error={errors[name]}
        >
          {(control) => (
            <Control
              control={control}
              property={property}
              value={value[name]}
              onChange={(next) => set(name, next)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

interface ControlProps {
  control: object;
  property: Record<string, unknown>;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
}

function Control({ control, property, value, onChange }: ControlProps): ReactNode {
  const { enum: options, type, format, default: preset } = property;
  const placeholder =
    preset === undefined ? undefined : typeof preset === 'string' ? preset : JSON.stringify(preset);
  if (Array.isArray(options)) {
    const index = options.indexOf(value);
    return (
      <select
        {...control}
        className="vw-select"
        value={index < 0 ? '' : String(index)}
        onChange={({ target }) =>
          onChange(target.value === '' ? undefined : (options[Number(target.value)] as JsonValue))
        }
      >
        <option value="">{placeholder === undefined ? 'Choose…' : `Default: ${placeholder}`}</option>
        {options.map((option, at) => (
          <option key={at} value={at}>
            {String(option)}
          </option>
        ))}
      </select>
    );
  }
  if (type === 'boolean') {
    return (
      <select
        {...control}
        className="vw-select"
        value={value === undefined ? '' : String(value)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value === 'true')}
      >
        <option value="">{placeholder === undefined ? 'Choose…' : `Default: ${placeholder}`}</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </select>
    );
  }
  if (type === 'number' || type === 'integer') {
    return (
      <input
        {...control}
        className="vw-input"
        type="number"
        step={type === 'integer' ? 1 : 'any'}
        placeholder={placeholder}
        value={typeof value === 'number' ? value : ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.valueAsNumber)}
      />
    );
  }
  if (type === 'string') {
    const secret = property.writeOnly === true || format === 'password';
    return (
      <input
        {...control}
        className="vw-input"
        type={secret ? 'password' : 'text'}
        autoComplete={secret ? 'new-password' : 'off'}
        placeholder={placeholder}
        value={typeof value === 'string' ? value : ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
    );
  }
  return <JsonControl control={control} value={value} placeholder={placeholder} onChange={onChange} />;
}

function JsonControl(props: Omit<ControlProps, 'property'> & { placeholder: string | undefined }): ReactNode {
  const { control, value, placeholder, onChange } = props;
  return (
    <textarea
      {...control}
      className="vw-textarea vw-code"
      rows={4}
      spellCheck={false}
      placeholder={placeholder ?? 'JSON'}
      defaultValue={value === undefined ? '' : JSON.stringify(value, null, 2)}
      onChange={({ target }) => {
        try {
          target.setCustomValidity('');
          onChange(target.value.trim() === '' ? undefined : (JSON.parse(target.value) as JsonValue));
        } catch {
          target.setCustomValidity('This is not JSON yet.');
        }
      }}
    />
  );
}
