import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { useRefusal } from '../app/role-context.ts';
import type { Role } from '../backend.ts';
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
  /** The role that may do it: to others it does nothing, and says why. */
  needs?: Role | undefined;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ needs, ...rest }: ButtonProps): ReactNode {
  const refusal = useRefusal(needs);
  const button = <PlainButton {...rest} refusal={refusal} />;
  return refusal === undefined ? button : <Tooltip text={refusal}>{button}</Tooltip>;
}

function PlainButton({
  kind = 'plain',
  size = 'm',
  icon,
  busy,
  className,
  children,
  onClick,
  refusal,
  ...rest
}: ButtonProps & { refusal: string | undefined }): ReactNode {
  return (
    <button
      type="button"
      className={`vw-button ${className ?? ''}`}
      data-kind={kind}
      data-size={size}
      aria-disabled={busy || undefined}
      {...rest}
      // It can still be come to, to hear why.
      {...(refusal !== undefined && {
        ...{ 'aria-disabled': true, 'aria-description': refusal },
        ...{ disabled: false, title: undefined },
      })}
      onClick={(event) => {
        if (refusal !== undefined || busy || (busy !== undefined && event.detail > 1)) event.preventDefault();
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
export function IconButton({ label, keys, kind = 'quiet', needs, ...rest }: IconButtonProps): ReactNode {
  const refusal = useRefusal(needs);
  return (
    <Tooltip text={refusal === undefined ? label : `${label}: ${refusal}`} keys={keys}>
      <PlainButton kind={kind} aria-label={label} data-icon-only="" {...rest} refusal={refusal} />
    </Tooltip>
  );
}
