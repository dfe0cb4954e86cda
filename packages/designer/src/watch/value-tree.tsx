import type { JsonValue } from '@vwmp/core';
import { Braces, Copy, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { copyText } from '../style/copy-text.ts';
import { IconButton, useToast } from '../style/index.ts';

/** Longer lists are shown in parts. */
const part = 50;
/** A longer text is shown up to here until it is asked for. */
const longText = 600;

/** A JSON value as a tree that opens and closes, or as a table where it is a list of objects. */
export function ValueTree({ value, label }: { value: JsonValue | undefined; label: string }): ReactNode {
  const toast = useToast();
  const columns = columnsOf(value);
  const [asTable, setAsTable] = useState(columns !== undefined);
  if (value === undefined) return <p className="vw-muted">Nothing.</p>;
  const copy = async (): Promise<void> => {
    if (await copyText(JSON.stringify(value, null, 2))) toast({ text: `${label} copied.` });
    else toast({ text: 'The browser does not let the page copy.', tone: 'failed' });
  };
  return (
    <div className="vw-value">
      <div className="vw-value-tools">
        {columns && (
          <IconButton
            label={asTable ? 'Show as a tree' : 'Show as a table'}
            size="s"
            icon={asTable ? <Braces size={14} /> : <Table2 size={14} />}
            onClick={() => setAsTable(!asTable)}
          />
        )}
        <IconButton label={`Copy ${label}`} size="s" icon={<Copy size={14} />} onClick={copy} />
      </div>
      {columns && asTable ? (
        <ValueTable rows={value as Record<string, JsonValue>[]} columns={columns} label={label} />
      ) : (
        <section className="vw-tree" aria-label={label}>
          <Node value={value} depth={0} />
        </section>
      )}
    </div>
  );
}

function Node({ name, value, depth }: { name?: string; value: JsonValue; depth: number }): ReactNode {
  const [shown, setShown] = useState(part);
  const key = name === undefined ? null : <span className="vw-tree-key">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="vw-tree-leaf">
        {key}
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  const list = Array.isArray(value);
  if (entries.length === 0)
    return (
      <div className="vw-tree-leaf">
        {key}
        <span className="vw-muted">{list ? 'empty list' : 'empty'}</span>
      </div>
    );
  return (
    <details open={depth < 2 && entries.length <= part}>
      <summary>
        {key}
        <span className="vw-muted">
          {list
            ? `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
            : preview(value as Record<string, JsonValue>)}
        </span>
      </summary>
      <div className="vw-tree-children">
        {entries.slice(0, shown).map(([child, each]) => (
          <Node key={child} name={child} value={each} depth={depth + 1} />
        ))}
        {entries.length > shown && (
          <button type="button" className="vw-link" onClick={() => setShown(shown + 10 * part)}>
            {entries.length - shown} more
          </button>
        )}
      </div>
    </details>
  );
}

function Leaf({ value }: { value: string | number | boolean | null }): ReactNode {
  const [whole, setWhole] = useState(false);
  if (typeof value !== 'string') return <span data-kind={typeof value}>{String(value)}</span>;
  const cut = !whole && value.length > longText;
  return (
    <span data-kind="string">
      {cut ? `${value.slice(0, longText)}…` : value === '' ? '""' : value}
      {cut && (
        <button type="button" className="vw-link" onClick={() => setWhole(true)}>
          {value.length.toLocaleString()} characters: show all
        </button>
      )}
    </span>
  );
}

function preview(value: Record<string, JsonValue>): string {
  const keys = Object.keys(value);
  return keys.slice(0, 4).join(', ') + (keys.length > 4 ? `, ${keys.length - 4} more` : '');
}

function ValueTable(props: {
  rows: readonly Record<string, JsonValue>[];
  columns: readonly string[];
  label: string;
}): ReactNode {
  const { rows, columns, label } = props;
  const [shown, setShown] = useState(part);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className="vw-scroll" aria-label={label} tabIndex={0}>
      <table className="vw-table" data-dense="">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>{cellText(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" className="vw-link" onClick={() => setShown(shown + 10 * part)}>
          {rows.length - shown} more rows
        </button>
      )}
    </section>
  );
}

function cellText(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** The columns of a list of two or more objects that are alike; undefined for anything else. */
function columnsOf(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const columns = new Set<string>();
  for (const row of value) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return undefined;
    for (const key of Object.keys(row)) columns.add(key);
    if (columns.size > 12) return undefined;
  }
  return columns.size === 0 ? undefined : [...columns];
}
