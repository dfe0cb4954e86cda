import type { ReactNode } from 'react';

/**
 * Problems of a thing as a whole, and of its keys that no field shows.
 *
 * @param at - where in their paths its keys are
 */
export function OtherProblems({
  of,
  at,
  shown,
}: {
  of: readonly { path: string; message: string }[];
  at: number;
  shown: ReadonlySet<string>;
}): ReactNode {
  const others = of.filter(({ path }) => !shown.has(path.split('.')[at] ?? ''));
  return (
    others.length > 0 && <p className="vw-field-error">{others.map(({ message }) => message).join(' ')}</p>
  );
}
