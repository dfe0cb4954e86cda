import type { JsonSchema, JsonValue } from '@vwmp/core';
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useContext } from 'react';
import type { Path } from '../document/index.ts';
import { focusNext } from '../style/focus-next.ts';
import { Button, IconButton, ReadOnlyContext } from '../style/index.ts';
import { emptyOf } from './empty-value.ts';
import { useItemKeys } from './use-item-keys.ts';

export interface PartsProps {
  path: Path;
  label: string;
  hint: string | undefined;
  error: string | undefined;
  onChange: (path: Path, value: JsonValue | undefined) => void;
  /** Makes the field of a part. */
  part: (path: Path, label: string, value: JsonValue | undefined) => ReactNode;
}

/** A list: a field for each item. */
export function ListField(props: PartsProps & { items: JsonSchema; value: readonly JsonValue[] }): ReactNode {
  const { path, label, hint, error, onChange, part, items, value } = props;
  const isReadOnly = useContext(ReadOnlyContext);
  const [keys, removed] = useItemKeys(value);
  return (
    <fieldset className="vw-fieldset">
      <legend>{label}</legend>
      {hint && <p className="vw-field-hint">{hint}</p>}
      {error && <p className="vw-field-error">{error}</p>}
      {value.map((item, at) => (
        <div key={keys[at]} className="vw-item">
          {part([...path, at], `${label} ${at + 1}`, item)}
          {!isReadOnly && (
            <IconButton
              label={`Remove ${label} ${at + 1}`}
              size="s"
              icon={<Trash2 size={14} />}
              onClick={({ currentTarget }) => {
                focusNext(
                  currentTarget.closest('.vw-item'),
                  ':scope > .vw-item > span > button, :scope > button',
                );
                removed(at);
                onChange([...path, at], undefined);
              }}
            />
          )}
        </div>
      ))}
      {!isReadOnly && (
        <Button
          kind="quiet"
          size="s"
          icon={<Plus size={14} />}
          onClick={() => onChange(path, [...value, emptyOf(items)])}
        >
          Add to {label.toLowerCase()}
        </Button>
      )}
    </fieldset>
  );
}
