import type { JsonValue } from '@vwmp/core';
import type { ReactNode } from 'react';
import type { Place } from './scope.ts';
import { usePreview } from './use-preview.ts';

/** What an expression gives with the data of the last execution, below its field. */
export function PreviewLine({
  template,
  place,
}: {
  template: JsonValue | undefined;
  place: Place;
}): ReactNode {
  const preview = usePreview(template, place);
  if (!preview) return null;
  if ('error' in preview)
    return (
      <p className="vw-preview" title={preview.error}>
        <span>last time</span> {preview.error}
      </p>
    );
  const text = typeof preview.value === 'string' ? preview.value : JSON.stringify(preview.value);
  return (
    <p className="vw-preview" title={text}>
      <span>last time</span> <code>{text.length > 300 ? `${text.slice(0, 300)}…` : text}</code>
    </p>
  );
}
