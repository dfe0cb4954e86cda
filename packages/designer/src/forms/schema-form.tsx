import type { JsonSchema, JsonValue } from '@vwmp/core';
import { Plus } from 'lucide-react';
import { type ReactNode, useContext, useRef, useState } from 'react';
import { isObject, isWithin, type Path } from '../document/index.ts';
import { Button, Field, ReadOnlyContext } from '../style/index.ts';
import { emptyOf } from './empty-value.ts';
import { isTemplate, kindOf, labelOf } from './field-kind.ts';
import type { FormContext } from './form-context.ts';
import { ListField, type PartsProps } from './list-field.tsx';
import { MapField } from './map-field.tsx';
import { presetOf } from './preset.ts';
import { SchemaControl } from './schema-control.tsx';
import { useUnread } from './use-unread.ts';

export interface SchemaFormProps {
  form: FormContext;
  schema: JsonSchema;
  value: JsonValue | undefined;
  path?: Path;
}

/** The properties of an object, each with a field. Of many, those that need not be given are behind a button. */
export function SchemaForm({ form, schema, value, path = [] }: SchemaFormProps): ReactNode {
  const kind = kindOf(schema);
  const [showsAll, setShowsAll] = useState(false);
  const isUnread = useIsUnread(form);
  if (kind.kind !== 'object')
    return <SchemaField form={form} path={path} label="Config" schema={schema} value={value} />;
  const given = isObject(value) ? value : {};
  // What was seen stays when its last entry is removed: the focus is in it.
  const seen = useRef(new Set<string>()).current;
  for (const [name] of kind.properties)
    if (kind.required.includes(name) || given[name] !== undefined || isUnread([...path, name]))
      seen.add(name);
  // Whoever is asked for values sees at once for which.
  const few = kind.properties.length <= 5 || form.expressions === undefined;
  // Where nothing has to be given and nothing is, the first few show what there is.
  const isBlank = seen.size === 0;
  const shown = kind.properties.filter(
    ([name], at) => few || showsAll || seen.has(name) || (isBlank && at < 3),
  );
  const hidden = kind.properties.length - shown.length;
  const strangers = Object.keys(given).filter((name) => !kind.properties.some(([known]) => known === name));
  const error = errorAt(form, path);
  return (
    <div className="vw-form">
      {error && <p className="vw-field-error">{error}</p>}
      {shown.map(([name, property]) => (
        <SchemaField
          key={name}
          form={form}
          path={[...path, name]}
          label={labelOf(name, property)}
          schema={property}
          value={given[name]}
          required={kind.required.includes(name)}
        />
      ))}
      {strangers.map((name) => (
        <SchemaField
          key={name}
          form={form}
          path={[...path, name]}
          label={name}
          schema={{}}
          value={given[name]}
        />
      ))}
      {(hidden > 0 || (showsAll && !few)) && (
        <Button
          kind="quiet"
          size="s"
          className="vw-more"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show fewer options' : `Show ${hidden} more ${hidden === 1 ? 'option' : 'options'}`}
        </Button>
      )}
    </div>
  );
}

export interface SchemaFieldProps {
  form: FormContext;
  path: Path;
  label: string;
  schema: unknown;
  value: JsonValue | undefined;
  required?: boolean;
}

/** One value with the control that its schema wants. Where there are expressions, each control takes one instead of a value. */
export function SchemaField(props: SchemaFieldProps): ReactNode {
  const { form, path, label, schema, value, required = false } = props;
  const kind = kindOf(schema, String(path.at(-1) ?? ''));
  const facts: Record<string, JsonValue> = isObject(schema) ? (schema as Record<string, JsonValue>) : {};
  const hint = typeof facts.description === 'string' ? facts.description : undefined;
  const error = errorAt(form, path);
  const change = (now: JsonValue | undefined): void => form.onChange(path, now);
  const [wantsExpression, setWantsExpression] = useState(false);
  const asExpression = form.expressions !== undefined && (wantsExpression || isTemplate(value));
  const [isOpen, setIsOpen] = useState(false);
  const isReadOnly = useContext(ReadOnlyContext);
  const isUnread = useIsUnread(form)(path);

  if (!asExpression && kind.kind === 'object' && value === undefined && !required && !isOpen && !isUnread)
    return (
      <div className="vw-field">
        <Button
          kind="quiet"
          size="s"
          className="vw-more"
          icon={<Plus size={14} />}
          aria-expanded={false}
          onClick={() => setIsOpen(true)}
        >
          {label}
        </Button>
        {hint && <p className="vw-field-hint">{hint}</p>}
      </div>
    );
  if (!asExpression && kind.kind === 'object')
    return (
      <fieldset className="vw-fieldset">
        <legend>{label}</legend>
        {hint && <p className="vw-field-hint">{hint}</p>}
        <SchemaForm form={form} schema={facts as unknown as JsonSchema} value={value} path={path} />
      </fieldset>
    );
  // Nothing of it stands in a list or mapping that is still empty.
  const preset = value === undefined ? presetOf(facts) : undefined;
  const parts = (of: JsonSchema): PartsProps => ({
    ...{ path, label, error },
    hint: [hint, preset && `Default: ${preset}`].filter(Boolean).join(' ') || undefined,
    onChange: form.onChange,
    part: (inside, name, each) => (
      <SchemaField form={partsForm(form, inside, of)} path={inside} label={name} schema={of} value={each} />
    ),
  });
  if (!asExpression && kind.kind === 'list' && (value === undefined || Array.isArray(value)))
    return (
      <ListField {...parts(kind.items)} items={kind.items} value={(value ?? []) as readonly JsonValue[]} />
    );
  if (!asExpression && kind.kind === 'map' && (value === undefined || isObject(value)))
    return <MapField {...parts(kind.values)} values={kind.values} value={value ?? {}} />;

  const fits = kind.kind === 'choice' || kind.kind === 'boolean';
  const fx = fits && !isReadOnly && form.expressions && (asExpression || !form.isPlain?.(path)) && (
    <button
      type="button"
      className="vw-fx"
      aria-pressed={asExpression}
      aria-label={`fx: write ${label} as an expression`}
      title="Write an expression"
      onClick={() => {
        if (asExpression && isTemplate(value)) change(undefined);
        setWantsExpression(!asExpression);
      }}
    >
      fx
    </button>
  );
  const note = required ? 'required' : kind.kind === 'text' ? notes[kind.role ?? 'none'] : undefined;
  return (
    <Field label={label} note={note} aside={fx} hint={hint} error={errorAt(form, path, true)}>
      {(control) => (
        <SchemaControl
          {...{ control, form, path, label, kind, facts, value, asExpression, required }}
          onChange={change}
        />
      )}
    </Field>
  );
}

/** What is wrong at a path, as one text. @param inside - with what is in it, too */
export function errorAt(
  form: Pick<FormContext, 'problems'>,
  path: Path,
  inside?: boolean,
): string | undefined {
  const messages = form.problems(path, inside).map(({ message }) => message);
  return messages.join(' ') || undefined;
}

/** Tells whether something at a path or in it cannot be read: then it is to be seen. */
function useIsUnread({ address }: FormContext): (path: Path) => boolean {
  const unread = useUnread();
  return (path) => address !== undefined && unread.some((each) => isWithin(each.address, address(path)));
}

/** An entry that is emptied is an empty one; it is taken away by its button only. */
function partsForm(form: FormContext, path: Path, schema: JsonSchema): FormContext {
  return {
    ...form,
    onChange: (at, value) =>
      form.onChange(at, value === undefined && at.length === path.length ? emptyOf(schema) : value),
  };
}

const notes = {
  secret: 'secret',
  'secret-name': 'name of a secret',
  file: 'in the workspace',
  code: 'code',
  none: '',
};
