import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

export interface DialogProps {
  title: ReactNode;
  /** Called for every way to leave it: Escape, the cross, a click beside it. */
  onClose: () => void;
  /** Its buttons, at the bottom. */
  actions?: ReactNode;
  /** What is in it is nowhere else: a click beside it, which may have been meant for something else, does not close it. */
  stays?: boolean;
  /** @defaultValue m */
  size?: 'm' | 'l';
  children: ReactNode;
}

/** A modal dialog; open as long as it is rendered. Focus goes into it and comes back. */
export function Dialog({ title, onClose, actions, stays, size = 'm', children }: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isPressedBeside = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      // The first thing to do in it, not the cross.
      const first = '.vw-dialog-body :is(input, select, textarea, button), .vw-dialog-foot button';
      element.querySelector<HTMLElement>(first)?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="vw-dialog"
      data-size={size}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Where a text is selected up to beyond the edge, the click is beside it too.
      onPointerDown={({ target }) => {
        isPressedBeside.current = target === dialog.current;
      }}
      // Of a field that no form takes it from.
      onKeyDown={(event) => {
        const { target, key, nativeEvent } = event;
        if (key !== 'Enter' || nativeEvent.isComposing || event.isDefaultPrevented()) return;
        if (
          !(target instanceof HTMLInputElement) ||
          target.form ||
          target.closest('dialog') !== dialog.current
        )
          return;
        event.preventDefault();
        if (!nativeEvent.repeat)
          dialog.current?.querySelector<HTMLElement>('.vw-dialog-foot [data-kind="primary"]')?.click();
      }}
      onClick={({ target }) => !stays && target === dialog.current && isPressedBeside.current && onClose()}
    >
      <div className="vw-dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton label="Close" icon={<X size={16} />} onClick={onClose} />
      </div>
      <div className="vw-dialog-body">{children}</div>
      {actions && <div className="vw-dialog-foot">{actions}</div>}
    </dialog>
  );
}
