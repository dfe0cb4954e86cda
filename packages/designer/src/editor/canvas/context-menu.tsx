import { Clipboard, Copy, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { type MenuEntry, MenuItems, moveInMenu, placeMenu } from '../../style/index.ts';

/** Where the menu was asked for, and for what; for the canvas where that is neither. */
export interface MenuAt {
  x: number;
  y: number;
  step?: string;
  edge?: string;
}

export interface ContextMenuProps {
  at: MenuAt;
  /** @param id - of a command */
  run: (id: string) => void;
  onClose: () => void;
}

/** What can be done with what lies under the pointer. */
export function ContextMenu({ at, run, onClose }: ContextMenuProps): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    if (!element.matches(':popover-open')) element.showPopover();
    placeMenu(element, { left: at.x, top: at.y, bottom: at.y });
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [at]);
  return (
    <div
      ref={menu}
      popover="auto"
      className="vw-menu"
      role="menu"
      aria-label="What to do"
      onKeyDown={moveInMenu}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      <MenuItems entries={entriesOf(at, run)} close={() => menu.current?.hidePopover()} />
    </div>
  );
}

function entriesOf({ step, edge }: MenuAt, run: ContextMenuProps['run']): MenuEntry[] {
  const needs = 'editor';
  const remove: MenuEntry = {
    label: 'Delete',
    icon: <Trash2 size={14} />,
    danger: true,
    needs,
    onSelect: () => run('delete'),
  };
  if (edge !== undefined) return [remove];
  const paste: MenuEntry = {
    label: 'Paste YAML',
    icon: <Clipboard size={14} />,
    needs,
    onSelect: () => run('paste'),
  };
  if (step === undefined)
    return [{ label: 'Add a step', icon: <Plus size={14} />, needs, onSelect: () => run('add') }, paste];
  return [
    { label: 'Add a step after it', icon: <Plus size={14} />, needs, onSelect: () => run('add') },
    { label: 'Duplicate', icon: <Copy size={14} />, needs, onSelect: () => run('duplicate') },
    { label: 'Copy as YAML', icon: <Clipboard size={14} />, onSelect: () => run('copy') },
    'line',
    remove,
  ];
}
