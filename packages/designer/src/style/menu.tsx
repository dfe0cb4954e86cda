import {
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { RoleContext, refusalOf } from '../app/role-context.ts';
import type { Role } from '../backend.ts';

/** An entry of a menu, or a line between entries. */
export type MenuEntry =
  | {
      label: string;
      icon?: ReactNode;
      /** Its shortcut, for people. */
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      /** The role that may do it. */
      needs?: Role;
      onSelect: () => void;
    }
  | 'line';

/** What the button of a menu has to carry. */
export interface MenuTrigger {
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  popoverTarget: string;
}

export interface MenuProps {
  /** Names the menu. */
  label: string;
  entries: readonly MenuEntry[];
  /** Makes the button that opens it. */
  children: (trigger: MenuTrigger) => ReactNode;
}

/** A button with a menu. */
export function Menu({ label, entries, children }: MenuProps): ReactNode {
  const id = useId().replaceAll(/[^\w-]/g, '_');
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  // When its entries are there, whose size says where there is room; again when others come.
  useLayoutEffect(() => {
    const button = document.querySelector(`[popovertarget="${id}"]`);
    if (open && menu.current && button) placeMenu(menu.current, button.getBoundingClientRect());
  }, [open, id, entries.length]);
  useLayoutEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>('[role="menuitem"]:not(:disabled)')?.focus();
  }, [open]);
  return (
    <>
      {children({ 'aria-haspopup': 'menu', 'aria-expanded': open, popoverTarget: id })}
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="vw-menu"
        role="menu"
        aria-label={label}
        onKeyDown={moveInMenu}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open && <MenuItems entries={entries} close={() => menu.current?.hidePopover()} />}
      </div>
    </>
  );
}

/** The entries of a menu that something else opens. */
export function MenuItems({
  entries,
  close,
}: {
  entries: readonly MenuEntry[];
  close: () => void;
}): ReactNode {
  const role = useContext(RoleContext);
  return entries.map((entry, index) => {
    if (entry === 'line') return <hr key={index} className="vw-menu-line" />;
    const refusal = refusalOf(role, entry.needs);
    return (
      <button
        key={entry.label}
        type="button"
        role="menuitem"
        className="vw-menu-item"
        data-danger={entry.danger ? '' : undefined}
        disabled={entry.disabled}
        aria-disabled={refusal !== undefined || undefined}
        aria-description={refusal}
        title={refusal}
        tabIndex={-1}
        onClick={() => {
          if (refusal !== undefined) return;
          close();
          entry.onSelect();
        }}
      >
        <span style={{ display: 'inline-flex', width: 16 }}>{entry.icon}</span>
        <span>{entry.label}</span>
        {entry.keys && <kbd className="vw-kbd">{entry.keys}</kbd>}
      </button>
    );
  });
}

/** Puts a menu below a box, or above where there is no room. */
export function placeMenu(menu: HTMLElement, box: { left: number; top: number; bottom: number }): void {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + 4 + height <= window.innerHeight;
  menu.style.left = `${Math.max(6, Math.min(box.left, window.innerWidth - width - 6))}px`;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(6, box.top - height - 4)}px`;
}

/** Arrow keys, Home and End in a menu. */
export function moveInMenu(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}
