import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** @defaultValue plain */
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** @defaultValue m */
  size?: 's' | 'm';
  icon?: ReactNode;
  /** What it began goes on: it does nothing until then, and keeps the focus. */
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
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
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
