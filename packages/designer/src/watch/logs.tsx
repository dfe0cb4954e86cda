import type { LogLevel } from '@vwmp/core';
import { Download, Search } from 'lucide-react';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { LogEntry } from '../backend.ts';
import { Button, useToast } from '../style/index.ts';
import { describe } from './error-box.tsx';
import type { KnownLogs } from './read-logs.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
/** So many lines are drawn, the last ones. */
const drawn = 1000;

/**
 * What steps have logged: filtered by level, step and text, and saved as a file. New lines come in at the bottom.
 *
 * @param props - `readAll`: has the earlier lines too
 */
export function Logs({
  logs: { lines, earlier },
  id,
  step,
  readAll,
}: {
  logs: KnownLogs;
  id: string;
  step?: string;
  readAll: () => Promise<readonly LogEntry[]>;
}): ReactNode {
  const toast = useToast();
  const [saving, setSaving] = useState(false);
  const [least, setLeast] = useState<LogLevel>('debug');
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.toLowerCase());
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const fits = useCallback(
    (entry: LogEntry) =>
      levels.indexOf(entry.level) >= levels.indexOf(least) &&
      (step === undefined || entry.step_id === step) &&
      (wanted === '' || textOf(entry).toLowerCase().includes(wanted)),
    [least, step, wanted],
  );
  const found = useMemo(() => lines.filter(fits), [lines, fits]);
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [found]);
  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      const wanted = earlier === 0 ? found : (await readAll()).filter(fits);
      saveAs(`${id}.log.jsonl`, wanted.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: 'log' });
    } finally {
      setSaving(false);
    }
  };
  return (
    <div className="vw-logs">
      <div className="vw-filters">
        <label className="vw-search">
          <Search size={14} aria-hidden="true" />
          <input
            className="vw-input"
            type="search"
            aria-label="Search the log"
            placeholder="Search"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <select
          className="vw-select"
          aria-label="The least level"
          value={least}
          onChange={(event) => setLeast(event.target.value as LogLevel)}
        >
          {levels.map((level) => (
            <option key={level} value={level}>
              {level === 'debug' ? 'All levels' : level === 'error' ? 'Errors only' : `From ${level}`}
            </option>
          ))}
        </select>
        <Button
          size="s"
          icon={<Download size={14} />}
          disabled={saving || (found.length === 0 && earlier === 0)}
          onClick={save}
        >
          {saving ? 'Saving…' : 'Save'}
        </Button>
      </div>
      {(found.length > drawn || earlier > 0) && (
        <p className="vw-log-note">{missingText(found.length, earlier)}</p>
      )}
      {found.length === 0 ? (
        <p className="vw-muted vw-pad">
          {lines.length === 0 ? 'No step has logged anything.' : 'No line is like that.'}
        </p>
      ) : (
        <ol
          ref={list}
          className="vw-log-lines"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
          tabIndex={0}
          aria-label="Log"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < 30;
          }}
        >
          {found.slice(-drawn).map((entry, index) => (
            <li key={index} data-level={entry.level}>
              <time dateTime={entry.timestamp}>{clockText(entry.timestamp)}</time>
              <span className="vw-log-level">{entry.level}</span>
              {step === undefined && entry.step_id !== undefined && (
                <span className="vw-log-step">
                  {entry.step_id}
                  {entry.index === undefined ? '' : `[${entry.index}]`}
                </span>
              )}
              <span className="vw-log-text" dir="auto">
                {entry.message}
                {entry.data !== undefined && <code>{JSON.stringify(entry.data)}</code>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** What is not on screen. */
function missingText(found: number, earlier: number): string {
  const shown =
    found > drawn ? `The last ${drawn.toLocaleString()} of ${found.toLocaleString()} lines are shown` : '';
  const before = `${earlier.toLocaleString()} earlier ones were not looked through`;
  const all = [...(shown ? [shown] : []), ...(earlier > 0 ? [before] : [])].join('; ');
  return `${all}. Save has all of them.`;
}

function saveAs(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function textOf({ message, step_id = '', data }: LogEntry): string {
  return `${step_id} ${message} ${data === undefined ? '' : JSON.stringify(data)}`;
}

/** The time of day, to the millisecond. */
function clockText(timestamp: string): string {
  const date = new Date(timestamp);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
