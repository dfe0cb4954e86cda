import { type ReactNode, useRef, useState } from 'react';

export interface TooltipProps {
  text: string;
  /** A shortcut, shown behind the text. */
  keys?: string;
  children: ReactNode;
}

/** Shows a text below or above what is in it, on hover and on keyboard focus. Its child has to carry the name for screen readers. */
export function Tooltip({ text, keys, children }: TooltipProps): ReactNode {
  const anchor = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const show = (): void => setOpen(true);
  const hide = (): void => setOpen(false);

  const place = (tip: HTMLSpanElement | null): void => {
    const target = anchor.current?.firstElementChild;
    if (!tip || !target) return;
    tip.showPopover?.();
    const box = target.getBoundingClientRect();
    const width = tip.offsetWidth;
    const below = box.bottom + 6 + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${Math.max(6, Math.min(box.left + box.width / 2 - width / 2, window.innerWidth - width - 6))}px`;
    tip.style.top = `${below ? box.bottom + 6 : box.top - tip.offsetHeight - 6}px`;
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches what happens to the element in it
    <span
      ref={anchor}
      style={{ display: 'contents' }}
      onPointerOver={(event) => event.pointerType === 'mouse' && show()}
      onPointerOut={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show()}
      onBlur={hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children}
      {open && (
        <span ref={place} className="vw-tooltip" popover="manual" aria-hidden="true">
          {text}
          {keys && <kbd>{keys}</kbd>}
        </span>
      )}
    </span>
  );
}
