import { type DragEvent, type ReactNode, useState } from 'react';
import type { HandlerDescription, WorkflowTypeDescription } from '../backend.ts';
import { HandlerIcon } from '../style/index.ts';
import { type Part, part } from '../style/part.tsx';
import { type Pick, search } from './pick-list.tsx';
import { recentHandlers, rememberHandler } from './recent.ts';
import { useEditor, useEditorState } from './use-editor.ts';

export const Hints: Part<{ query: string }> = part(async () => (await import('./hints.tsx')).Hints);

/** What a dragged handler is on the clipboard of the browser. */
export const handlerType = 'application/x-vwmp-handler';

/** And a template. */
export const templateType = 'application/x-vwmp-template';

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

/** A template that can be picked: several steps at once. */
export interface TemplatePick extends Pick {
  readonly template: string;
  readonly group: string;
}

export function templatePicks(types: readonly WorkflowTypeDescription[]): TemplatePick[] {
  return types.flatMap(({ name: type, icon, templates = [] }) =>
    templates.map(({ name, description }) => ({
      id: `template ${type} ${name}`,
      label: name,
      detail: description,
      words: `template ${type}`,
      group: 'Templates',
      icon: (
        <span className="vw-step-icon vw-icon-s">
          <HandlerIcon name={icon} size={15} />
        </span>
      ),
      template: name,
    })),
  );
}

/** All handlers by category: to drag onto the canvas, or to add behind the selected step. */
export function Palette({ onAdd }: { onAdd: (handler: string) => void }): ReactNode {
  const editor = useEditor();
  const [query, setQuery] = useState('');
  const isEmpty = useEditorState((state) => state.graph.nodes.length) === 0;
  // What was just added by the mouse is among them once that is elsewhere: below it the list would move on.
  const [held, setHeld] = useState<string[]>();
  const lately = held ?? recentHandlers();
  const picks = handlerPicks(editor.handlers.values());
  const found = search(picks, query);
  const recent = query === '' ? lately.flatMap((path) => picks.find(({ id }) => id === path) ?? []) : [];
  const groups = Map.groupBy(found, ({ group }) => group);
  const templates = search(templatePicks(editor.types), query);
  const entry = (pick: HandlerPick | TemplatePick, place: string): ReactNode => (
    <li key={`${place} ${pick.id}`}>
      <button
        type="button"
        className="vw-palette-item"
        draggable
        title={pick.detail}
        onDragStart={(event: DragEvent) => {
          if ('template' in pick) event.dataTransfer.setData(templateType, pick.template);
          else event.dataTransfer.setData(handlerType, pick.id);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={({ detail }) => {
          // The second half of a double click.
          if (detail > 1) return;
          if ('template' in pick) {
            editor.useTemplate(pick.template);
            return;
          }
          if (detail > 0) setHeld(lately);
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
  const section = (title: string, list: readonly (HandlerPick | TemplatePick)[]): ReactNode =>
    list.length > 0 && (
      <section key={title} aria-label={title}>
        <h2 className="vw-section-title">{title}</h2>
        <ul>{list.map((pick) => entry(pick, title))}</ul>
      </section>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with it, it only waits
    <div className="vw-palette" onMouseLeave={() => setHeld(undefined)}>
      <input
        className="vw-input"
        type="search"
        aria-label="Search steps"
        placeholder="Search steps"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {query && <Hints query={query} />}
      {section('Recent', recent)}
      {isEmpty && section('Templates', templates)}
      {[...groups].map(([group, list]) => section(group, list))}
      {!isEmpty && section('Templates', templates)}
      {found.length + templates.length === 0 && <p className="vw-picks-none">No step is called like that.</p>}
    </div>
  );
}
