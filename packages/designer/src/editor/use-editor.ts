import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Editor, EditorState } from './editor.ts';

/** The editor that everything below belongs to. */
export const EditorContext: React.Context<Editor | undefined> = createContext<Editor | undefined>(undefined);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new TypeError('There is no editor around this component.');
  return editor;
}

/**
 * A part of the state of the editor; what uses it is rendered again when that part is another one.
 *
 * @param select - has to return the same thing as long as nothing changed
 */
export function useEditorState<T>(select: (state: EditorState) => T): T {
  const editor = useEditor();
  return useSyncExternalStore(editor.subscribe, () => select(editor.getState()));
}
