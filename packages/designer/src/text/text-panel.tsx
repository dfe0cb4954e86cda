import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isObject, pathOfStep, stepsOf } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import type { TextView } from './code-mirror.ts';

/** The YAML of the document: the same one that the canvas shows. */
export function TextPanel({ goTo }: { goTo: { line: number; column: number } | undefined }): ReactNode {
  const editor = useEditor();
  const text = useEditorState((state) => state.document.text);
  const isBroken = useEditorState((state) => state.document.isBroken);
  const problems = useEditorState((state) => state.document.source.problems);
  const marks = useEditorState((state) => state.marks);
  const selected = useEditorState((state) => state.selected);
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<TextView>(null);
  const [isReady, setIsReady] = useState(false);
  const [failure, setFailure] = useState<string>();
  /** What was selected by moving in the text. */
  const fromText = useRef<ReadonlySet<string>>(undefined);

  useEffect(() => {
    let isGone = false;
    const begin = async (): Promise<void> => {
      const { createTextView } = await import('./code-mirror.ts');
      if (isGone || !parent.current) return;
      view.current = createTextView({
        parent: parent.current,
        text: editor.getState().document.text,
        label: 'YAML of the workflow',
        isReadOnly: editor.readOnly !== undefined,
        host: { document: () => editor.getState().document.document, handlers: editor.handlers },
        onType: (now) => editor.document.type(now, 'typing'),
        onCursor: (line) => {
          const id = stepAt(editor.getState().document, line);
          if (id === undefined) return;
          editor.select([id]);
          fromText.current = editor.getState().selected;
        },
        undo: editor.undo,
        redo: editor.redo,
      });
      setIsReady(true);
    };
    begin().catch((error: unknown) => setFailure(String(error)));
    return () => {
      isGone = true;
      view.current?.destroy();
      view.current = null;
      setIsReady(false);
    };
  }, [editor]);

  useEffect(() => {
    if (isReady) view.current?.show(text);
  }, [isReady, text]);
  useEffect(() => {
    if (isReady) view.current?.mark(isBroken ? problems : marks.all);
  }, [isReady, isBroken, problems, marks]);
  useEffect(() => {
    if (!isReady || !goTo) return;
    view.current?.goTo(goTo.line, goTo.column);
    view.current?.focus();
  }, [isReady, goTo]);
  // The text follows the canvas, not the other way round and back.
  useEffect(() => {
    const [id] = selected;
    const { document } = editor.getState();
    if (selected === fromText.current) return;
    if (isReady && id !== undefined && selected.size === 1 && !document.isBroken) {
      const path = pathOfStep(document.document, id);
      const at = path && document.source.locate(path);
      if (at) view.current?.goTo(at.line, at.column);
    }
  }, [isReady, selected, editor]);

  return (
    <section className="vw-text" aria-label="YAML">
      {isBroken && (
        <p className="vw-broken" role="status">
          {problems[0]?.line === undefined ? '' : `Line ${problems[0].line}: `}
          {problems[0]?.message} The canvas shows the workflow as it was before.
        </p>
      )}
      {failure !== undefined && (
        <p className="vw-broken" role="alert">
          The text cannot be shown. {failure}
        </p>
      )}
      <div ref={parent} className="vw-cm vw-text-view" data-ready={isReady || undefined} />
    </section>
  );
}

/** Id of the step that a line belongs to. */
function stepAt(
  { document, source, isBroken }: ReturnType<ReturnType<typeof useEditor>['getState']>['document'],
  line: number,
): string | undefined {
  if (isBroken) return undefined;
  let found: string | undefined;
  stepsOf(document).some((step, index) => {
    const at = source.locate(['steps', index]);
    if (!at || at.line > line) return true;
    const id = isObject(step) ? step.id : undefined;
    found = typeof id === 'string' ? id : `#${index}`;
    return false;
  });
  // Behind the steps there may be other keys.
  const end = Object.keys(isObject(document) ? document : {})
    .filter((key) => key !== 'steps')
    .map((key) => source.locate([key], { key: true })?.line ?? 0)
    .some((start) => start <= line && start > (source.locate(['steps'], { key: true })?.line ?? 0));
  return end ? undefined : found;
}
