import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { CodeView } from '../text/code-view.ts';
import { TextControl, type TextControlProps } from './text-control.tsx';

export interface CodeControlProps extends TextControlProps {
  label: string;
}

/** Code of several lines. Its editor is loaded when one is seen; until then, and where it can't be, a plain field takes the text. */
export function CodeControl({ label, ...text }: CodeControlProps): ReactNode {
  const { control, value, onChange } = text;
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<CodeView>(undefined);
  const [isReady, setIsReady] = useState(false);
  const current = useRef({ id: control.id, value, onChange });
  current.current = { id: control.id, value, onChange };
  /** Where someone was in the plain field when the editor came. */
  const cursor = useRef<number>(undefined);
  const hasExpressions = text.expressions !== undefined;
  const described = control['aria-describedby'];

  useEffect(() => {
    let isGone = false;
    import('../text/code-view.ts').then(
      ({ createCodeView }) => {
        if (isGone || !parent.current) return;
        view.current = createCodeView({
          parent: parent.current,
          text: current.current.value,
          label,
          isReadOnly: control.readOnly === true,
          hasHistory: !hasExpressions,
          onType: (now) => current.current.onChange(now),
        });
        const plain = document.activeElement;
        if (plain instanceof HTMLTextAreaElement && plain.id === current.current.id)
          cursor.current = plain.selectionEnd;
        setIsReady(true);
      },
      // The plain field stays.
      () => {},
    );
    return () => {
      isGone = true;
      view.current?.destroy();
      view.current = undefined;
      setIsReady(false);
    };
  }, [label, hasExpressions]);
  useEffect(() => {
    if (isReady) view.current?.show(value);
  }, [isReady, value]);
  // After its text, and when the plain field is gone.
  useEffect(() => {
    if (isReady && cursor.current !== undefined) view.current?.focus(cursor.current);
    cursor.current = undefined;
  }, [isReady]);
  // Not by making it anew: that would take the focus from whoever types.
  useEffect(() => {
    if (isReady) view.current?.describe(described);
  }, [isReady, described]);

  return (
    <>
      <div ref={parent} className="vw-cm vw-code-view" data-ready={isReady || undefined} />
      {!isReady && <TextControl {...text} rows={6} isCode />}
      {/(?<!\$)\$\{/.test(value) && (
        <p className="vw-field-hint">
          {'${…} is filled in before the code runs. Write $${…} for the ${…} of the code itself.'}
        </p>
      )}
    </>
  );
}
