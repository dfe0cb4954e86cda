import type { LogLevel } from '@vwmp/core';
import { Download, Search } from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { LogEntry } from '../backend.ts';
import { Button } from '../style/index.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
/** So many lines are drawn, the last ones. */
const drawn = 1000;

/** What steps have logged: filtered by level, step and text, and saved as a file. New lines come in at the bottom. */
export function Logs({
  logs,
  id,
  step,
}: {
  logs: readonly LogEntry[];
  id: string;
  step?: string;
}): ReactNode {
  const [least, setLeast] = useState<LogLevel>('debug');
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.toLowerCase());
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const found = useMemo(
    () =>
      logs.filter(
        (entry) =>
          levels.indexOf(entry.level) >= levels.indexOf(least) &&
          (step === undefined || entry.step_id === step) &&
          (wanted === '' || textOf(entry).toLowerCase().includes(wanted)),
      ),
    [logs, least, step, wanted],
  );
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [found]);
  const save = (): void => {
    const lines = found.map((entry) => JSON.stringify(entry)).join('\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${lines}\n`], { type: 'application/x-ndjson' }));
    link.download = `${id}.log.jsonl`;
    link.click();
    URL.revokeObjectURL(link.href);
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
        <Button size="s" icon={<Download size={14} />} disabled={found.length === 0} onClick={save}>
          Save
        </Button>
      </div>
      {found.length === 0 ? (
        <p className="vw-muted vw-pad">
          {logs.length === 0 ? 'No step has logged anything.' : 'No line is like that.'}
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
              <span className="vw-log-text">
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

function textOf({ message, step_id = '', data }: LogEntry): string {
  return `${step_id} ${message} ${data === undefined ? '' : JSON.stringify(data)}`;
}

/** The time of day, to the millisecond. */
function clockText(timestamp: string): string {
  const date = new Date(timestamp);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
