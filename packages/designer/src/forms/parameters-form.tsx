import type { JsonValue } from '@vwmp/core';
import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { freeId, isObject, valueAt } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import { focusNext } from '../style/focus-next.ts';
import { Button, EmptyState, Field, IconButton } from '../style/index.ts';
import { asChoice } from './as-choice.ts';
import { TextField } from './text-field.tsx';
import { useItemKeys } from './use-item-keys.ts';
import { ValueField } from './value-field.tsx';

const types = ['string', 'text', 'number', 'integer', 'boolean', 'enum', 'array', 'object', 'secret'];

/** The values that an execution is given. */
export function ParametersForm(): ReactNode {
  const editor = useEditor();
  const document = useEditorState((state) => state.document.document);
  const marks = useEditorState((state) => state.marks);
  const given = valueAt(document, ['parameters']);
  const parameters = Array.isArray(given) ? (given as JsonValue[]) : [];
  const [keys, removed] = useItemKeys(parameters);
  const add = (): void => {
    const taken = parameters.map((each) => (isObject(each) ? String(each.name) : ''));
    const value = { name: freeId('parameter', taken), type: 'string' };
    editor.change('Add parameter', (text, { insertItem }) =>
      insertItem(text, ['parameters'], parameters.length, value),
    );
  };
  return (
    <>
      {parameters.length === 0 && (
        <EmptyState title="No parameters">
          A parameter is a value that an execution is given when it starts.
        </EmptyState>
      )}
      {parameters.map((each, index) => {
        const parameter = isObject(each) ? each : {};
        const set = (key: string, value: JsonValue | undefined): void =>
          editor.set(['parameters', index, key], value);
        const errorOf = (key?: string): string | undefined =>
          marks.ofWorkflow
            .filter(({ path }) =>
              key === undefined
                ? path === `parameters.${index}`
                : path.startsWith(`parameters.${index}.${key}`),
            )
            .map(({ message }) => message)
            .join(' ') || undefined;
        const name = String(parameter.name ?? '');
        return (
          <fieldset key={keys[index]} className="vw-card">
            <legend className="vw-hidden">Parameter {name}</legend>
            <div className="vw-card-head">
              <TextField
                label="Name"
                value={name}
                isCode
                error={errorOf('name') ?? errorOf()}
                onCommit={(now) => editor.renameParameter(index, now)}
              />
              <Field label="Type" error={errorOf('type')}>
                {(control) => (
                  <select
                    className="vw-select"
                    {...asChoice(control)}
                    value={String(parameter.type ?? '')}
                    onChange={(event) => set('type', event.target.value)}
                  >
                    {!types.includes(String(parameter.type)) && (
                      <option value={String(parameter.type ?? '')}>—</option>
                    )}
                    {types.map((type) => (
                      <option key={type}>{type}</option>
                    ))}
                  </select>
                )}
              </Field>
              {!editor.readOnly && (
                <IconButton
                  label={`Remove parameter ${name}`}
                  size="s"
                  icon={<Trash2 size={15} />}
                  onClick={({ currentTarget }) => {
                    focusNext(currentTarget.closest('.vw-card'), '.vw-card-head > span > button, .vw-wide');
                    removed(index);
                    editor.set(['parameters', index], undefined, `Remove parameter ${name}`);
                  }}
                />
              )}
            </div>
            <TextField
              label="Label"
              value={String(parameter.label ?? '')}
              onChange={(now) => set('label', now || undefined)}
            />
            <TextField
              label="Description"
              value={String(parameter.description ?? '')}
              onChange={(now) => set('description', now || undefined)}
            />
            {parameter.type === 'enum' && (
              <Field
                label="Options"
                hint="A list of values, or of value and label."
                error={errorOf('options')}
              >
                {(control) => (
                  <ValueField
                    control={control}
                    value={parameter.options}
                    address={['parameters', index, 'options']}
                    placeholder="[staging, prod]"
                    onChange={(value) => set('options', value)}
                  />
                )}
              </Field>
            )}
            {parameter.type !== 'secret' && (
              <Field label="Default" error={errorOf('default')}>
                {(control) => (
                  <ValueField
                    control={control}
                    value={parameter.default}
                    address={['parameters', index, 'default']}
                    rows={1}
                    placeholder="none"
                    onChange={(value) => set('default', value)}
                  />
                )}
              </Field>
            )}
            <label className="vw-check">
              <input
                type="checkbox"
                disabled={editor.readOnly !== undefined}
                checked={
                  typeof parameter.required === 'boolean'
                    ? parameter.required
                    : parameter.default === undefined
                }
                onChange={(event) =>
                  set(
                    'required',
                    event.target.checked === (parameter.default === undefined)
                      ? undefined
                      : event.target.checked,
                  )
                }
              />
              Required
            </label>
            <Field label="Validation" hint="Keywords of JSON Schema." error={errorOf('validation')}>
              {(control) => (
                <ValueField
                  control={control}
                  value={parameter.validation}
                  address={['parameters', index, 'validation']}
                  rows={1}
                  placeholder="minimum: 1"
                  onChange={(value) => set('validation', value)}
                />
              )}
            </Field>
          </fieldset>
        );
      })}
      {!editor.readOnly && (
        <Button icon={<Plus size={15} />} className="vw-wide" onClick={add}>
          Add a parameter
        </Button>
      )}
    </>
  );
}
