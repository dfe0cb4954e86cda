import type { ReactNode } from 'react';

/** What stands where nothing is yet, or nothing can be shown: why, and what to do. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}): ReactNode {
  return (
    <div className="vw-empty">
      {icon}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="vw-empty-actions">{actions}</div>}
    </div>
  );
}
