import type { ReactNode } from 'react';

/** What a badge says by its colour; the statuses of steps and executions are tones. */
export type Tone =
  | 'neutral'
  | 'accent'
  | 'pending'
  | 'running'
  | 'waiting'
  | 'success'
  | 'partial'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export function Badge({
  tone = 'neutral',
  icon,
  title,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  title?: string;
  children?: ReactNode;
}): ReactNode {
  return (
    <span className="vw-badge" data-tone={tone} title={title}>
      {icon}
      {children}
    </span>
  );
}
