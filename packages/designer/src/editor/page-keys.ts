import { type RefObject, useEffect, useRef } from 'react';

type Press = (event: KeyboardEvent) => void;

interface User {
  root: Element;
  press: Press;
}

/** Whatever takes keys on this page, that which was used last at the end. */
let users: readonly User[] = [];
let hasUse = false;

function use(root: Element): void {
  const user = users.find((each) => each.root === root);
  if (!user) return;
  users = [...users.filter((each) => each !== user), user];
  hasUse = true;
}

/** Keys of the page itself, when nothing has the focus but what is around the one that takes them. */
function listen(event: KeyboardEvent): void {
  const user = users.at(-1);
  if (!user || !(event.target as Node).contains(user.root)) return;
  // Of several that nobody has touched yet none is meant.
  if (users.length === 1 || hasUse) user.press(event);
}

/**
 * Takes the keys that are pressed where nothing has the focus. Of several on a page it is the one that was used last.
 *
 * @param root - what is touched or focused in it counts as use
 */
export function usePageKeys(root: RefObject<Element | null>, press: Press): void {
  const current = useRef(press);
  current.current = press;
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const user: User = { root: element, press: (event) => current.current(event) };
    const note = (): void => use(element);
    if (users.length === 0) addEventListener('keydown', listen);
    users = [user, ...users];
    element.addEventListener('pointerdown', note);
    element.addEventListener('focusin', note);
    return () => {
      // When what was used last goes, nothing was.
      if (users.at(-1) === user) hasUse = false;
      users = users.filter((each) => each !== user);
      if (users.length === 0) removeEventListener('keydown', listen);
      element.removeEventListener('pointerdown', note);
      element.removeEventListener('focusin', note);
    };
  }, [root]);
}
