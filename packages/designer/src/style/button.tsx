import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** @defaultValue plain */
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** @defaultValue m */
  size?: 's' | 'm';
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  kind = 'plain',
  size = 'm',
  icon,
  className,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`vw-button ${className ?? ''}`}
      data-kind={kind}
      data-size={size}
      {...rest}
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
