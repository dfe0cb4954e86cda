import { type RefObject, useContext, useEffect, useSyncExternalStore } from 'react';
import { type DocumentState, isWithin, type Path, type Unread } from '../document/index.ts';
import type { Editor } from '../editor/editor.ts';
import { EditorContext } from '../editor/use-editor.ts';
import { goToUnread } from './unread.tsx';

const none: readonly Unread[] = [];

/** What stands in fields of the document and cannot be read; nothing where there is no editor around. */
export function useUnread(): readonly Unread[] {
  const editor = useContext(EditorContext);
  return useSyncExternalStore(
    editor ? editor.document.subscribe : () => () => {},
    () => editor?.document.getState().unread ?? none,
  );
}

/** Renames a step; what cannot be read of it goes along. */
export function renameStep({ document, rename }: Editor, from: string, to: string): void {
  const own = document.getState().unread.filter(({ address }) => isWithin(address, ['steps', from]));
  if (!rename(from, to)) return;
  for (const { address, ...unread } of own) document.leaveUnread(['steps', to, ...address.slice(2)], unread);
}

/** To where one was gone already: a panel that comes later does not go there again. */
const arrived = new WeakSet<NonNullable<DocumentState['goTo']>>();

/**
 * Goes to what cannot be read when that is asked for.
 *
 * @param isHere - whether the panel shows what is at that place
 * @param open - opens the tab with a field
 */
export function useGoToUnread(
  panel: RefObject<HTMLElement | null>,
  goTo: DocumentState['goTo'],
  isHere: (address: Path) => boolean,
  open: (address: Path) => void,
): void {
  useEffect(() => {
    if (!goTo || arrived.has(goTo) || !isHere(goTo.address)) return;
    arrived.add(goTo);
    open(goTo.address);
    // When the tab is drawn, with what is in it.
    let frame = requestAnimationFrame(() => {
      if (goToUnread(panel.current)) goTo.arrived(true);
      else frame = requestAnimationFrame(() => goTo.arrived(goToUnread(panel.current)));
    });
    return () => cancelAnimationFrame(frame);
  }, [goTo]);
}
