import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** @defaultValue plain */
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** @defaultValue m */
  size?: 's' | 'm';
  icon?: ReactNode;
  /**
   * Whether what it began goes on: until that is done it does nothing, and keeps the focus. Where this is given, the second
   * click of a double click begins nothing either, however quick the first was done.
   */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  kind = 'plain',
  size = 'm',
  icon,
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`vw-button ${className ?? ''}`}
      data-kind={kind}
      data-size={size}
      aria-disabled={busy || undefined}
      {...rest}
      onClick={(event) => {
        if (busy || (busy !== undefined && event.detail > 1)) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** Says what it does, to everyone: as a tooltip and to screen readers. */
  label: string;
  icon: ReactNode;
  /** Shown in the tooltip. */
  keys?: string;
}

/** A button that is an icon only. */
export function IconButton({ label, keys, kind = 'quiet', ...rest }: IconButtonProps): ReactNode {
  return (
    <Tooltip text={label} keys={keys}>
      <Button kind={kind} aria-label={label} data-icon-only="" {...rest} />
    </Tooltip>
  );
}
