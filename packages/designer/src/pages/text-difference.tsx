import { createTwoFilesPatch } from 'diff';
import { type ReactNode, useMemo } from 'react';

/** The lines that differ, as a unified diff. */
export function TextDifference({ before, after }: { before: string; after: string }): ReactNode {
  const lines = useMemo(
    () => createTwoFilesPatch('before', 'after', before, after, '', '', { context: 3 }).split('\n').slice(4),
    [before, after],
  );
  if (lines.length <= 1) return <p className="vw-muted">The texts are the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <pre className="vw-diff" tabIndex={0}>
      {lines.map((line, index) => (
        <span key={index} data-kind={{ '+': 'added', '-': 'removed', '@': 'place' }[line[0] ?? '']}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
