import type { JsonSchema, JsonValue } from '@vwmp/core';
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useContext, useState } from 'react';
import { focusNext } from '../style/focus-next.ts';
import { Button, IconButton, ReadOnlyContext } from '../style/index.ts';
import { emptyOf } from './empty-value.ts';
import type { PartsProps } from './list-field.tsx';

/** A mapping with free keys: a row for each. */
export function MapField(
  props: PartsProps & { values: JsonSchema; value: Record<string, JsonValue> },
): ReactNode {
  const { path, label, hint, error, onChange, part, values, value } = props;
  const isReadOnly = useContext(ReadOnlyContext);
  const [fresh, setFresh] = useState('');
  const isTaken = Object.hasOwn(value, fresh);
  const add = (): void => {
    if (fresh === '' || isTaken) return;
    onChange([...path, fresh], emptyOf(values));
    setFresh('');
  };
  return (
    <fieldset className="vw-fieldset">
      <legend>{label}</legend>
      {hint && <p className="vw-field-hint">{hint}</p>}
      {error && <p className="vw-field-error">{error}</p>}
      {Object.entries(value).map(([key, each]) => (
        <div key={key} className="vw-item">
          {part([...path, key], key, each)}
          {!isReadOnly && (
            <IconButton
              label={`Remove ${key}`}
              size="s"
              icon={<Trash2 size={14} />}
              onClick={({ currentTarget }) => {
                focusNext(
                  currentTarget.closest('.vw-item'),
                  ':scope > .vw-item > span > button, :scope > .vw-add-key > input',
                );
                onChange([...path, key], undefined);
              }}
            />
          )}
        </div>
      ))}
      {!isReadOnly && (
        <div className="vw-add-key">
          <input
            className="vw-input"
            data-draft
            aria-label={`New name in ${label.toLowerCase()}`}
            placeholder="Name"
            value={fresh}
            onChange={(event) => setFresh(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              add();
            }}
          />
          <Button size="s" icon={<Plus size={14} />} disabled={fresh === '' || isTaken} onClick={add}>
            Add
          </Button>
        </div>
      )}
    </fieldset>
  );
}
