import { type RefObject, useCallback, useEffect, useRef } from 'react';

/**
 * Keeps a canvas still below the mouse: nothing may move it while something on it is pressed or dragged.
 *
 * @param root - holds the canvas
 * @returns carries out what moves the canvas: at once, or when the mouse is released; of several the last
 */
export function useStillness(root: RefObject<Element | null>): (move: () => void) => void {
  const isPressed = useRef(false);
  const due = useRef<() => void>(undefined);
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const press = ({ target }: Event): void => {
      isPressed.current = target instanceof Element && target.closest('.vw-canvas') !== null;
    };
    const release = (): void => {
      isPressed.current = false;
      const move = due.current;
      due.current = undefined;
      // What was dragged lies where it was left first.
      if (move) requestAnimationFrame(move);
    };
    element.addEventListener('pointerdown', press, true);
    const ends = ['pointerup', 'pointercancel'];
    for (const end of ends) addEventListener(end, release, true);
    return () => {
      element.removeEventListener('pointerdown', press, true);
      for (const end of ends) removeEventListener(end, release, true);
    };
  }, [root]);
  return useCallback((move) => {
    if (isPressed.current) due.current = move;
    else move();
  }, []);
}
