import type { JsonSchema, JsonValue, Problem } from '@vwmp/core';
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { isObject, type Path, valueAt } from '../document/index.ts';
import { Button, Field, IconButton } from '../style/index.ts';
import { ExpressionField } from './expression-field.tsx';
import { type FieldKind, isTemplate, kindOf, labelOf, readText } from './field-kind.ts';
import { PreviewLine } from './preview-line.tsx';
import type { Name, Place } from './scope.ts';
import { ValueField } from './value-field.tsx';

/** What every field of a form needs of what is around it. */
export interface FormContext {
  /** Called with the path inside of the form; undefined takes the value away. */
  onChange: (path: Path, value: JsonValue | undefined) => void;
  /** Problems of a path inside of the form. */
  problems: (path: Path) => readonly Problem[];
  names: () => readonly Name[];
  /** Where its expressions stand. */
  place: Place;
}

export interface SchemaFieldProps {
  form: FormContext;
  path: Path;
  label: string;
  schema: unknown;
  value: JsonValue | undefined;
  required?: boolean;
}

/** The properties of an object, each with a field. Optional ones that are not given are behind a button. */
export function SchemaForm({
  form,
  schema,
  value,
  path = [],
}: {
  form: FormContext;
  schema: JsonSchema;
  value: JsonValue | undefined;
  path?: Path;
}): ReactNode {
  const kind = kindOf(schema);
  const [showsAll, setShowsAll] = useState(false);
  if (kind.kind !== 'object')
    return <SchemaField form={form} path={path} label="Config" schema={schema} value={value} />;
  const given = isObject(value) ? value : {};
  const isShown = (name: string): boolean => kind.required.includes(name) || given[name] !== undefined;
  const few = kind.properties.length <= 5;
  // Where nothing has to be given and nothing is, the first few show what there is.
  const isBlank = !kind.properties.some(([name]) => isShown(name));
  const shown = kind.properties.filter(
    ([name], at) => few || showsAll || isShown(name) || (isBlank && at < 3),
  );
  const hidden = kind.properties.length - shown.length;
  const strangers = Object.keys(given).filter((name) => !kind.properties.some(([known]) => known === name));
  return (
    <div className="vw-form">
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

/** One value with the control that its schema wants. Every control takes an expression instead of a value. */
export function SchemaField({
  form,
  path,
  label,
  schema,
  value,
  required = false,
}: SchemaFieldProps): ReactNode {
  const kind = kindOf(schema);
  const facts: Record<string, JsonValue> = isObject(schema) ? (schema as Record<string, JsonValue>) : {};
  const hint = typeof facts.description === 'string' ? facts.description : undefined;
  const errors = form.problems(path);
  const error = errors.length > 0 ? errors.map(({ message }) => message).join(' ') : undefined;
  const change = (now: JsonValue | undefined): void => form.onChange(path, now);
  const [wantsExpression, setWantsExpression] = useState(false);
  const asExpression = wantsExpression || isTemplate(value);

  const [isOpen, setIsOpen] = useState(false);

  if (!asExpression && kind.kind === 'object' && value === undefined && !required && !isOpen)
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
  if (!asExpression && kind.kind === 'list' && (value === undefined || Array.isArray(value)))
    return (
      <ListField
        form={form}
        path={path}
        label={label}
        hint={hint}
        error={error}
        items={kind.items}
        value={(value ?? []) as JsonValue[]}
      />
    );
  if (!asExpression && kind.kind === 'map' && (value === undefined || isObject(value)))
    return (
      <MapField
        form={form}
        path={path}
        label={label}
        hint={hint}
        error={error}
        values={kind.values}
        value={value ?? {}}
      />
    );

  const fits = kind.kind === 'choice' || kind.kind === 'boolean';
  const byDefault =
    facts.default === undefined || typeof facts.default === 'object' ? undefined : String(facts.default);
  const example = Array.isArray(facts.examples) ? facts.examples[0] : undefined;
  const placeholder = byDefault ?? (typeof example === 'string' ? `e.g. ${example}` : undefined);
  const fx = fits && (
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
  return (
    <Field label={label} note={required && 'required'} aside={fx} hint={hint} error={error}>
      {(control) => {
        if (!asExpression && kind.kind === 'boolean' && (value === undefined || typeof value === 'boolean'))
          return (
            <select
              className="vw-select"
              {...control}
              value={value === undefined ? '' : String(value)}
              onChange={(event) =>
                change(event.target.value === '' ? undefined : event.target.value === 'true')
              }
            >
              <option value="">
                {byDefault === undefined ? 'not set' : `${byDefault === 'true' ? 'yes' : 'no'} (default)`}
              </option>
              <option value="true">yes</option>
              <option value="false">no</option>
            </select>
          );
        if (!asExpression && kind.kind === 'choice' && (value === undefined || includes(kind.options, value)))
          return (
            <select
              className="vw-select"
              {...control}
              value={value === undefined ? '' : JSON.stringify(value)}
              onChange={(event) =>
                change(event.target.value === '' ? undefined : JSON.parse(event.target.value))
              }
            >
              <option value="">{byDefault === undefined ? 'not set' : `${byDefault} (default)`}</option>
              {kind.options.map((option) => (
                <option key={JSON.stringify(option)} value={JSON.stringify(option)}>
                  {String(option)}
                </option>
              ))}
            </select>
          );
        if (kind.kind === 'any' || (value !== undefined && typeof value === 'object'))
          return (
            <>
              <ValueField
                control={control}
                value={value}
                onChange={change}
                names={form.names}
                placeholder={placeholder}
              />
              <PreviewLine template={value} place={form.place} />
            </>
          );
        return (
          <>
            <ExpressionField
              control={control}
              value={value === undefined || value === null ? '' : String(value)}
              onChange={(text) => change(readText(text, kind))}
              names={form.names}
              rows={
                kind.kind === 'text' && (kind.isLong || (typeof value === 'string' && value.includes('\n')))
                  ? 3
                  : 1
              }
              placeholder={asExpression && fits ? '${…}' : placeholder}
            />
            <PreviewLine template={value} place={form.place} />
          </>
        );
      }}
    </Field>
  );
}

function includes(options: readonly JsonValue[], value: JsonValue): boolean {
  return options.some((option) => JSON.stringify(option) === JSON.stringify(value));
}

interface PartsProps {
  form: FormContext;
  path: Path;
  label: string;
  hint: string | undefined;
  error: string | undefined;
}

/** A list: a field for each item. */
function ListField({
  form,
  path,
  label,
  hint,
  error,
  items,
  value,
}: PartsProps & { items: JsonSchema; value: readonly JsonValue[] }): ReactNode {
  return (
    <fieldset className="vw-fieldset">
      <legend>{label}</legend>
      {hint && <p className="vw-field-hint">{hint}</p>}
      {error && <p className="vw-field-error">{error}</p>}
      {value.map((item, at) => (
        <div key={at} className="vw-item">
          <SchemaField
            form={form}
            path={[...path, at]}
            label={`${label} ${at + 1}`}
            schema={items}
            value={item}
          />
          <IconButton
            label={`Remove ${label} ${at + 1}`}
            size="s"
            icon={<Trash2 size={14} />}
            onClick={() => form.onChange([...path, at], undefined)}
          />
        </div>
      ))}
      <Button
        kind="quiet"
        size="s"
        icon={<Plus size={14} />}
        onClick={() => form.onChange(path, [...value, emptyOf(items)])}
      >
        Add to {label.toLowerCase()}
      </Button>
    </fieldset>
  );
}

/** A mapping with free keys: a row for each. */
function MapField({
  form,
  path,
  label,
  hint,
  error,
  values,
  value,
}: PartsProps & { values: JsonSchema; value: Record<string, JsonValue> }): ReactNode {
  const [fresh, setFresh] = useState('');
  const keys = Object.keys(value);
  const add = (): void => {
    if (fresh === '' || fresh in value) return;
    form.onChange([...path, fresh], emptyOf(values));
    setFresh('');
  };
  return (
    <fieldset className="vw-fieldset">
      <legend>{label}</legend>
      {hint && <p className="vw-field-hint">{hint}</p>}
      {error && <p className="vw-field-error">{error}</p>}
      {keys.map((key) => (
        <div key={key} className="vw-item">
          <SchemaField form={form} path={[...path, key]} label={key} schema={values} value={value[key]} />
          <IconButton
            label={`Remove ${key}`}
            size="s"
            icon={<Trash2 size={14} />}
            onClick={() => form.onChange([...path, key], undefined)}
          />
        </div>
      ))}
      <div className="vw-add-key">
        <input
          className="vw-input"
          aria-label={`New name in ${label.toLowerCase()}`}
          placeholder="Name"
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button size="s" icon={<Plus size={14} />} disabled={fresh === '' || fresh in value} onClick={add}>
          Add
        </Button>
      </div>
    </fieldset>
  );
}

/** What a new item is before anything is typed. */
function emptyOf(schema: JsonSchema): JsonValue {
  const kind: FieldKind = kindOf(schema);
  if (kind.kind === 'choice') return kind.options[0] ?? '';
  if (kind.kind === 'boolean') return false;
  if (kind.kind === 'number') return Number(valueAt(schema, ['minimum']) ?? 0);
  if (kind.kind === 'list') return [];
  if (kind.kind === 'map') return {};
  if (kind.kind !== 'object') return '';
  return Object.fromEntries(
    kind.properties
      .filter(([name]) => kind.required.includes(name))
      .map(([name, each]) => [name, emptyOf(each)]),
  );
}
