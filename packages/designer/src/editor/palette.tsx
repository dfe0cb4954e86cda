import { type DragEvent, type ReactNode, useState } from 'react';
import type { HandlerDescription } from '../backend.ts';
import { HandlerIcon } from '../style/index.ts';
import { type Pick, search } from './pick-list.tsx';
import { recentHandlers, rememberHandler } from './recent.ts';
import { useEditor } from './use-editor.ts';

/** What a dragged handler is on the clipboard of the browser. */
export const handlerType = 'application/x-vwmp-handler';

/** A handler that can be picked. */
export interface HandlerPick extends Pick {
  readonly handler: HandlerDescription;
  readonly group: string;
}

export function handlerPicks(handlers: Iterable<HandlerDescription>): HandlerPick[] {
  return [...handlers].map((handler) => ({
    id: handler.path,
    label: handler.title ?? handler.path,
    detail: handler.description,
    group: handler.category ?? handler.path.split('.')[0] ?? '',
    icon: (
      <span className="vw-step-icon vw-icon-s" data-plugin={handler.path.split('.')[0]}>
        <HandlerIcon name={handler.icon} size={15} />
      </span>
    ),
    handler,
  }));
}

/** All handlers by category: to drag onto the canvas, or to add behind the selected step. */
export function Palette({ onAdd }: { onAdd: (handler: string) => void }): ReactNode {
  const editor = useEditor();
  const [query, setQuery] = useState('');
  const picks = handlerPicks(editor.handlers.values());
  const found = search(picks, query);
  const recent =
    query === '' ? recentHandlers().flatMap((path) => picks.find(({ id }) => id === path) ?? []) : [];
  const groups = Map.groupBy(found, ({ group }) => group);
  const entry = (pick: HandlerPick, place: string): ReactNode => (
    <li key={`${place} ${pick.id}`}>
      <button
        type="button"
        className="vw-palette-item"
        draggable
        title={pick.detail}
        onDragStart={(event: DragEvent) => {
          event.dataTransfer.setData(handlerType, pick.id);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => {
          rememberHandler(pick.id);
          onAdd(pick.id);
        }}
      >
        {pick.icon}
        <span className="vw-pick-text">
          <span>{pick.label}</span>
          <small>{pick.detail}</small>
        </span>
      </button>
    </li>
  );
  return (
    <div className="vw-palette">
      <input
        className="vw-input"
        type="search"
        aria-label="Search steps"
        placeholder="Search steps"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {recent.length > 0 && (
        <section aria-label="Recent">
          <h2 className="vw-section-title">Recent</h2>
          <ul>{recent.map((pick) => entry(pick, 'recent'))}</ul>
        </section>
      )}
      {[...groups].map(([group, list]) => (
        <section key={group} aria-label={group}>
          <h2 className="vw-section-title">{group}</h2>
          <ul>{list.map((pick) => entry(pick, group))}</ul>
        </section>
      ))}
      {found.length === 0 && <p className="vw-picks-none">No step is called like that.</p>}
    </div>
  );
}
