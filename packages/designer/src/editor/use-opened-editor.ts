import type { Execution } from '@vwmp/core';
import { useEffect, useRef, useState } from 'react';
import type { HandlerDescription, WorkflowTypeDescription } from '../backend.ts';
import type { DocumentStore } from '../document/index.ts';
import type { Keeper } from '../layout/index.ts';
import type { Editor, Edits } from './editor.ts';
import { createEditor } from './store.ts';

/** Brings the layout library. Whoever shows an editor soon may begin with it. */
export const loadLayout = (): Promise<typeof import('../layout/layout.ts')> => import('../layout/layout.ts');

export interface OpenedEditorOptions {
  /** The document to edit. Saving it is up to whoever holds it. */
  document: DocumentStore;
  handlers: readonly HandlerDescription[];
  types: readonly WorkflowTypeDescription[];
  /** Under which the places of the steps are kept. */
  workflowId: string;
  /** @defaultValue localStorage */
  keeper?: Keeper;
  /** Why nothing can be changed, for people. */
  readOnly?: string | undefined;
  /** Whose data previews of expressions show. */
  lastExecution?: () => Promise<Execution | undefined>;
  /** Names of the secrets that can be chosen. */
  secretNames?: () => Promise<readonly string[]>;
}

export interface OpenedEditor {
  /** Undefined until it is known where steps are to stand. */
  editor: Editor | undefined;
  /** What edits is there too. */
  isReady: boolean;
  /** To be called when the canvas is there: the rest is loaded after it. */
  onCanvas: () => void;
}

/** The state of an editor for as long as a component shows it. What is heavy is loaded after what is seen first. */
export function useOpenedEditor(options: OpenedEditorOptions): OpenedEditor {
  const { document, handlers, types, workflowId, keeper, readOnly } = options;
  const lastExecution = useRef(options.lastExecution);
  lastExecution.current = options.lastExecution;
  const secretNames = useRef(options.secretNames);
  secretNames.current = options.secretNames;
  const [editor, setEditor] = useState<Editor>();
  const [edits, setEdits] = useState<Edits>();
  const loaded = useRef(edits);
  loaded.current = edits;
  const [failure, setFailure] = useState<{ error: unknown }>();
  const [canvas] = useState(() => Promise.withResolvers<void>());

  useEffect(() => {
    let created: Editor | undefined;
    let isGone = false;
    const create = async (): Promise<void> => {
      const { layOutGraph } = await loadLayout();
      if (isGone) return;
      created = createEditor({
        document,
        handlers,
        types,
        workflowId,
        readOnly,
        keeper: keeper ?? localKeeper(),
        layOut: layOutGraph,
        edits: () => loaded.current,
        lastExecution: async () => lastExecution.current?.(),
        secretNames: async () => (await secretNames.current?.()) ?? [],
        async check(reading, known, names) {
          await canvas.promise;
          return (await import('../graph/validate.ts')).validate(reading.source, known, names);
        },
      });
      setEditor(created);
    };
    create().catch((error: unknown) => setFailure({ error }));
    return () => {
      isGone = true;
      created?.dispose();
    };
  }, [document, handlers, types, workflowId, keeper, readOnly, canvas]);

  useEffect(() => {
    import('../document/edits.ts').then(setEdits, (error: unknown) => setFailure({ error }));
  }, []);

  if (failure) throw failure.error;
  return { editor, isReady: edits !== undefined, onCanvas: canvas.resolve };
}

/** A browser may refuse to keep anything. */
function localKeeper(): Keeper {
  try {
    return localStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}
