import type { JsonValue } from '@vwmp/core';
import { useEffect, useState } from 'react';
import { useEditor } from '../editor/use-editor.ts';
import { isTemplate } from './field-kind.ts';
import type { Preview } from './preview.ts';
import type { Place } from './scope.ts';

/** How long a text stays as it is before it is evaluated, in milliseconds. */
const pause = 250;

/**
 * What a template gives with the data of the last execution.
 *
 * @param template - undefined shows nothing
 */
export function usePreview(template: JsonValue | undefined, place: Place): Preview | undefined {
  const editor = useEditor();
  const [shown, setShown] = useState<{ template: string; preview: Preview }>();
  const text = template === undefined || !hasTemplate(template) ? undefined : JSON.stringify(template);
  const { step, key } = place;
  useEffect(() => {
    if (text === undefined) return;
    let isGone = false;
    const evaluate = async (): Promise<void> => {
      const execution = await editor.lastExecution().catch(() => undefined);
      if (!execution || isGone) return;
      const { previewTemplate } = await import('./preview.ts');
      const { document } = editor.getState().document;
      const preview = await previewTemplate(JSON.parse(text), document, execution, step, key);
      if (!isGone) setShown({ template: text, preview });
    };
    // Where it cannot be loaded there is none.
    const timer = setTimeout(() => evaluate().catch(() => {}), pause);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [editor, text, step, key]);
  return shown && shown.template === text ? shown.preview : undefined;
}

function hasTemplate(value: JsonValue): boolean {
  if (Array.isArray(value)) return (value as JsonValue[]).some(hasTemplate);
  if (typeof value === 'object' && value !== null)
    return Object.values(value).some((each) => hasTemplate(each as JsonValue));
  return isTemplate(value);
}
