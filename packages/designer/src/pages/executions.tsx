import type { ExecutionStatus } from '@vwmp/core';
import { Columns2, Play, RefreshCw, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { go, setQuery } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import { useRoute } from '../app/use-route.ts';
import { useSearch } from '../app/use-search.ts';
import { Button, EmptyState, IconButton } from '../style/index.ts';
import { statusText } from '../watch/format.ts';
import { ExecutionTable } from './execution-table.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { NotLoaded, Page } from './page.tsx';

const statuses: readonly ExecutionStatus[] = [
  'running',
  'waiting',
  'pending',
  'success',
  'partial',
  'failed',
  'cancelled',
];

const ranges: Readonly<Record<string, { label: string; length: number }>> = {
  '1h': { label: 'Last hour', length: 3_600_000 },
  '24h': { label: 'Last 24 hours', length: 86_400_000 },
  '7d': { label: 'Last 7 days', length: 7 * 86_400_000 },
  '30d': { label: 'Last 30 days', length: 30 * 86_400_000 },
};

/** Executions, newest first, with filters that stand in the address. */
export function ExecutionsPage(): ReactNode {
  const backend = useBackend();
  const { query } = useRoute();
  const [text, setText] = useSearch();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const key = query.toString();
  const cursor = query.get('cursor') ?? undefined;
  const status = (query.get('status') ?? '').split(',').filter(Boolean) as ExecutionStatus[];
  const range = ranges[query.get('in') ?? ''];
  const list = useLoad(
    () =>
      backend.listExecutions({
        ...{ limit: 50, ...(cursor && { cursor }), ...(status.length > 0 && { status }) },
        ...(query.get('workflow') && { workflow: query.get('workflow')! }),
        ...(query.get('q') && { q: query.get('q')! }),
        ...(range && { since: new Date(Date.now() - range.length).toISOString() }),
      }),
    [backend, key],
    { every: 4000 },
  );
  const toggle = (each: ExecutionStatus): void => {
    const next = status.includes(each) ? status.filter((other) => other !== each) : [...status, each];
    setQuery({ status: next.join(','), cursor: undefined });
  };
  const choose = (id: string): void =>
    setChosen((before) =>
      before.includes(id) ? before.filter((other) => other !== id) : [...before, id].slice(-2),
    );
  const filtered = ['q', 'status', 'workflow', 'in'].some((name) => query.get(name));
  return (
    <Page
      title="Executions"
      actions={
        <>
          <Button
            icon={<Columns2 size={15} />}
            disabled={chosen.length !== 2}
            onClick={() => go(['compare', ...chosen])}
            title="Choose two in the list"
          >
            Compare
          </Button>
          <IconButton label="Load again" icon={<RefreshCw size={16} />} onClick={list.reload} />
        </>
      }
    >
      <div className="vw-filters">
        <label className="vw-search">
          <Search size={14} aria-hidden="true" />
          <input
            className="vw-input"
            type="search"
            aria-label="Search executions"
            placeholder="Search by id, workflow or error"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <select
          className="vw-select"
          aria-label="Started"
          value={query.get('in') ?? ''}
          onChange={({ target }) => setQuery({ in: target.value, cursor: undefined })}
        >
          <option value="">Any time</option>
          {Object.entries(ranges).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        {query.get('workflow') && (
          <Button size="s" onClick={() => setQuery({ workflow: undefined, cursor: undefined })}>
            Workflow: {query.get('workflow')} ✕
          </Button>
        )}
        <fieldset className="vw-chips">
          <legend className="vw-hidden">Status</legend>
          {statuses.map((each) => (
            <Button key={each} size="s" aria-pressed={status.includes(each)} onClick={() => toggle(each)}>
              {statusText(each).text}
            </Button>
          ))}
        </fieldset>
      </div>
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} lines={8} />
      ) : list.data.results.length === 0 ? (
        <EmptyState
          icon={<Play size={28} />}
          title={filtered ? 'No execution is like that' : 'Nothing has been executed yet'}
        >
          {filtered
            ? 'Take a filter away to see more.'
            : 'Start a workflow, and it is shown here as it goes on.'}
        </EmptyState>
      ) : (
        <>
          <ExecutionTable
            executions={list.data.results}
            now={Date.now()}
            label="Executions"
            chosen={chosen}
            onChoose={choose}
          />
          <footer className="vw-pager">
            <span className="vw-muted">
              {list.data.count === undefined ? '' : `${list.data.count.toLocaleString()} in all`}
            </span>
            <Button size="s" disabled={!cursor} onClick={() => setQuery({ cursor: undefined })}>
              Newest
            </Button>
            <Button size="s" disabled={!cursor || history.state !== 'older'} onClick={() => history.back()}>
              Newer
            </Button>
            <Button
              size="s"
              disabled={!list.data.next_cursor}
              onClick={() => setQuery({ cursor: list.data?.next_cursor }, 'older')}
            >
              Older
            </Button>
          </footer>
        </>
      )}
    </Page>
  );
}
