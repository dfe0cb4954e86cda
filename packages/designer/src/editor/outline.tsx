import { CircleAlert, Copy, CornerDownRight, MoreHorizontal, Plus, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { focusNext } from '../style/focus-next.ts';
import { Button, HandlerIcon, IconButton, Menu } from '../style/index.ts';
import { useEditor, useEditorState } from './use-editor.ts';

/** All steps as a list, in the order in which they can run: everything that the canvas can do, without it. */
export function Outline({ onAddAfter }: { onAddAfter: (id: string | undefined) => void }): ReactNode {
  const editor = useEditor();
  const graph = useEditorState((state) => state.graph);
  const positions = useEditorState((state) => state.positions);
  const direction = useEditorState((state) => state.arrangement.direction);
  const selected = useEditorState((state) => state.selected);
  const marks = useEditorState((state) => state.marks);
  const order = useMemo(() => {
    const place = (id: string): readonly [number, number] => {
      const { x, y } = positions.get(id) ?? { x: 0, y: 0 };
      return direction === 'down' ? [y, x] : [x, y];
    };
    return [...graph.nodes].sort((a, b) => {
      const [one, two] = [place(a.id), place(b.id)];
      return one[0] - two[0] || one[1] - two[1];
    });
  }, [graph, positions, direction]);
  const before = useMemo(() => Map.groupBy(graph.edges, ({ to }) => to), [graph]);
  const current = order.find(({ id }) => selected.has(id))?.id ?? order[0]?.id;

  const press = (event: KeyboardEvent<HTMLElement>): void => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.vw-outline-main')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const next = to === undefined ? undefined : rows[Math.max(0, Math.min(to, rows.length - 1))];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.dataset.step !== undefined) editor.select([next.dataset.step]);
  };

  return (
    <div className="vw-outline">
      <ul aria-label="Steps in the order in which they can run" onKeyDown={press}>
        {order.map(({ id, title, icon, plugin, subtitle, badges, isEnabled }) => {
          const links = before.get(id) ?? [];
          const problems = marks.ofStep.get(id)?.length ?? 0;
          return (
            <li key={id} className="vw-outline-row" data-selected={selected.has(id) || undefined}>
              <button
                type="button"
                className="vw-outline-main"
                data-step={id}
                tabIndex={id === current ? 0 : -1}
                aria-current={selected.has(id) || undefined}
                onClick={(event) =>
                  editor.select(event.shiftKey || event.ctrlKey || event.metaKey ? [...selected, id] : [id])
                }
              >
                <span className="vw-step-icon vw-icon-s" data-plugin={plugin}>
                  <HandlerIcon name={icon} size={15} />
                </span>
                <span className="vw-pick-text">
                  <span data-off={!isEnabled || undefined} dir="auto">
                    {title}
                  </span>
                  <small>
                    {subtitle}
                    {badges.length > 0 && ` · ${badges.map(({ text }) => text).join(', ')}`}
                  </small>
                  {links.length > 0 && (
                    <small className="vw-outline-links">
                      <CornerDownRight size={11} aria-label="after" />
                      {links
                        .map(({ from, port }) => (port === undefined ? from : `${from}:${port}`))
                        .join(', ')}
                    </small>
                  )}
                </span>
                {problems > 0 && (
                  <CircleAlert size={15} className="vw-step-problem" aria-label={`${problems} problems`} />
                )}
              </button>
              <Menu
                label={`What to do with ${id}`}
                entries={[
                  {
                    label: 'Add a step after it',
                    icon: <Plus size={14} />,
                    needs: 'editor',
                    onSelect: () => onAddAfter(id),
                  },
                  {
                    label: 'Duplicate',
                    icon: <Copy size={14} />,
                    needs: 'editor',
                    onSelect: () => editor.duplicate([id]),
                  },
                  {
                    label: 'Delete',
                    icon: <Trash2 size={14} />,
                    danger: true,
                    needs: 'editor',
                    onSelect() {
                      // The menu gave it back to its button.
                      const row = document.activeElement?.closest('li') ?? null;
                      focusNext(row, '.vw-outline-main, .vw-wide', row?.closest('.vw-outline'));
                      editor.remove([id]);
                    },
                  },
                ]}
              >
                {(trigger) => (
                  <IconButton
                    label={`What to do with ${id}`}
                    size="s"
                    icon={<MoreHorizontal size={14} />}
                    tabIndex={id === current ? 0 : -1}
                    {...trigger}
                  />
                )}
              </Menu>
            </li>
          );
        })}
      </ul>
      <Button
        className="vw-wide"
        needs="editor"
        icon={<Plus size={15} />}
        onClick={() => onAddAfter(current)}
      >
        Add a step
      </Button>
    </div>
  );
}
