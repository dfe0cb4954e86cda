import type { Execution } from '@vwmp/core';
import type { ReactFlowInstance } from '@xyflow/react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { HandlerDescription, WorkflowTypeDescription } from '../backend.ts';
import type { DocumentStore, Origin } from '../document/index.ts';
import { StepPanel } from '../forms/step-panel.tsx';
import { WorkflowPanel } from '../forms/workflow-panel.tsx';
import { type Keeper, nodeSize, type Position } from '../layout/index.ts';
import { Tabs } from '../style/index.ts';
import { AddDialog } from './add-dialog.tsx';
import { EditorCanvas } from './canvas/editor-canvas.tsx';
import type { FlowEdge, FlowNode } from './canvas/flow.ts';
import { fit } from './canvas/graph-canvas.tsx';
import { CommandDialog, KeysDialog } from './command-dialogs.tsx';
import { commandOf, editorCommands } from './commands.ts';
import { Outline } from './outline.tsx';
import { Palette } from './palette.tsx';
import { Problems } from './problems.tsx';
import { createEditor, type Editor } from './store.ts';
import { Toolbar } from './toolbar.tsx';
import { EditorContext, useEditor, useEditorState } from './use-editor.ts';

const TextPanel = lazy(async () => ({ default: (await import('../text/text-panel.tsx')).TextPanel }));

export interface WorkflowEditorProps {
  /** The document to edit. Saving it is up to whoever holds it. */
  document: DocumentStore;
  handlers: readonly HandlerDescription[];
  types: readonly WorkflowTypeDescription[];
  /** Under which the places of the steps are kept. */
  workflowId: string;
  /** @defaultValue localStorage */
  keeper?: Keeper;
  /** Whose data previews of expressions show. */
  lastExecution?: () => Promise<Execution | undefined>;
  /** Buttons at the right end of the toolbar: save, run. */
  actions?: ReactNode;
}

/** Canvas, forms, outline and text of one document. It fills what it is in. */
export function WorkflowEditor(props: WorkflowEditorProps): ReactNode {
  const { document, handlers, types, workflowId, keeper, actions } = props;
  const lastExecution = useRef(props.lastExecution);
  lastExecution.current = props.lastExecution;
  const [editor, setEditor] = useState<Editor>();
  useEffect(() => {
    const created = createEditor({
      document,
      handlers,
      types,
      workflowId,
      keeper: keeper ?? localKeeper(),
      lastExecution: async () => lastExecution.current?.(),
      check: async (reading, known, names) =>
        (await import('../graph/validate.ts')).validate(reading.source, known, names),
    });
    setEditor(created);
    return () => created.dispose();
  }, [document, handlers, types, workflowId, keeper]);
  return editor ? (
    <EditorContext value={editor}>
      <EditorFrame actions={actions} />
    </EditorContext>
  ) : null;
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

/** A key as the browser and as React tell of it. */
type Press = globalThis.KeyboardEvent | KeyboardEvent<HTMLElement>;

type Side = 'palette' | 'outline' | 'problems';
type Open = { dialog: 'commands' | 'keys' } | { dialog: 'add'; after: readonly Origin[]; at?: Position };

function EditorFrame({ actions }: { actions: ReactNode }): ReactNode {
  const editor = useEditor();
  const selected = useEditorState((state) => state.selected);
  const problems = useEditorState((state) => state.marks.all.length);
  const announcement = useEditorState((state) => state.announcement);
  const root = useRef<HTMLDivElement>(null);
  const flow = useRef<ReactFlowInstance<FlowNode, FlowEdge>>(undefined);
  const [side, setSide] = useState<Side | undefined>(() => (innerWidth < 900 ? undefined : 'palette'));
  const [showsText, setShowsText] = useState(false);
  const [showsPanel, setShowsPanel] = useState(() => innerWidth >= 900);
  const [snap, setSnap] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [goTo, setGoTo] = useState<{ line: number; column: number }>();
  const [one] = selected.size === 1 ? selected : [];

  /** Brings a step into sight that is not, or everything. */
  const reveal = useCallback(
    (id: string | undefined): void => {
      const at = id === undefined ? undefined : editor.getState().positions.get(id);
      const box = root.current?.querySelector('.vw-canvas')?.getBoundingClientRect();
      if (!flow.current || !box) return;
      if (!at) {
        void flow.current.fitView(fit);
        return;
      }
      const { zoom } = flow.current.getViewport();
      const { x, y } = flow.current.flowToScreenPosition(at);
      const [right, bottom] = [x + nodeSize.width * zoom, y + nodeSize.height * zoom];
      if (x >= box.left && y >= box.top && right <= box.right && bottom <= box.bottom) return;
      void flow.current.setCenter(at.x + nodeSize.width / 2, at.y + nodeSize.height / 2, { zoom });
    },
    [editor],
  );
  // What is selected is what one works on: it is in sight, and its panel is open.
  useEffect(() => {
    if (one === undefined) return;
    setShowsPanel(true);
    reveal(one);
  }, [one, reveal]);

  const add = (
    after = one === undefined || one.startsWith('#') ? [] : [{ step: one }],
    at?: Position,
  ): void => setOpen({ dialog: 'add', after, ...(at && { at }) });
  const addNow = (handler: string): void =>
    void editor.add({ handler, after: one === undefined || one.startsWith('#') ? [] : [{ step: one }] });

  const commands = useMemo(
    () =>
      editorCommands({
        editor,
        flow: () => flow.current,
        addStep: () => add(),
        openPanel: () => {
          setShowsPanel(true);
          requestAnimationFrame(() => {
            const panel = root.current?.querySelector('.vw-panel');
            const field = panel?.querySelector<HTMLElement>('.vw-panel-body :is(input, textarea, select)');
            (field ?? panel?.querySelector<HTMLElement>('[role="tab"]'))?.focus();
          });
        },
        toggleText: () => setShowsText((now) => !now),
        showSide: (now) => {
          setSide(now);
          requestAnimationFrame(() => {
            root.current
              ?.querySelector<HTMLElement>(
                '.vw-side [role="tabpanel"] :is(input, button[tabindex="0"], .vw-problem)',
              )
              ?.focus();
          });
        },
        showCommands: () => setOpen({ dialog: 'commands' }),
        showKeys: () => setOpen({ dialog: 'keys' }),
        toggleSnap: () => setSnap((now) => !now),
        copy: () => void navigator.clipboard?.writeText(editor.copy(editor.getState().selected)),
        cut: () => {
          void navigator.clipboard?.writeText(editor.copy(editor.getState().selected));
          editor.remove(editor.getState().selected);
        },
        paste: () => void navigator.clipboard?.readText().then(editor.paste),
      }),
    [editor, one],
  );

  const press = (event: Press): void => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.target.closest('dialog, [role="menu"]')) return;
    const isTyping = event.target.matches('input, textarea, select, [contenteditable="true"]');
    if (event.key === 'Escape' && event.target.closest('.vw-panel, .vw-text')) {
      const node =
        one && root.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(one)}"]`);
      (node || root.current)?.focus();
      return;
    }
    // Enter on a button is a click.
    if (event.key === 'Enter' && event.target.closest('button, a, [role="tab"]')) return;
    const command = commandOf(commands, event, isTyping);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  // Where nothing has focus, the keys are the editor's too.
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.target === window.document.body) pressed.current(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  const isElsewhere = (event: ClipboardEvent): boolean =>
    !(event.target instanceof Element) ||
    event.target.matches('input, textarea, select') ||
    event.target.closest('dialog, .vw-text') !== null ||
    !(getSelection()?.isCollapsed ?? true);
  const copy = (event: ClipboardEvent): void => {
    if (isElsewhere(event) || editor.getState().selected.size === 0) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', editor.copy(editor.getState().selected));
    if (event.type === 'cut') editor.remove(editor.getState().selected);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only has the shortcuts of what is in it
    <div
      ref={root}
      className="vw-editor"
      tabIndex={-1}
      onKeyDown={press}
      onCopy={copy}
      onCut={copy}
      onPaste={(event) => {
        if (!isElsewhere(event) && editor.paste(event.clipboardData.getData('text/plain')))
          event.preventDefault();
      }}
    >
      <Toolbar
        side={side}
        onSide={(now) => setSide(now === side ? undefined : now)}
        showsText={showsText}
        commands={commands}
        onAdd={() => add()}
        actions={actions}
      />
      <div className="vw-editor-main">
        {side && (
          <aside className="vw-side" aria-label="Steps and problems">
            <Tabs
              label="Steps and problems"
              tabs={[
                { id: 'palette', label: 'Add' },
                { id: 'outline', label: 'Outline' },
                { id: 'problems', label: problems === 0 ? 'Problems' : `Problems ${problems}` },
              ]}
              active={side}
              onChange={setSide}
              className="vw-side-body"
            >
              {side === 'palette' && <Palette onAdd={addNow} />}
              {side === 'outline' && (
                <Outline onAddAfter={(id) => add(id === undefined ? [] : [{ step: id }])} />
              )}
              {side === 'problems' && (
                <Problems
                  onGoTo={(line, column) => {
                    setShowsText(true);
                    setGoTo({ line, column });
                  }}
                />
              )}
            </Tabs>
          </aside>
        )}
        <EditorCanvas
          snap={snap}
          commands={commands}
          onReady={(instance) => {
            flow.current = instance;
          }}
          onResize={() => reveal(one)}
          onExtend={(from, at) => add([from], at)}
          onAdd={() => add()}
          onFocus={() => root.current?.focus({ preventScroll: true })}
          onOpen={() => commands.find(({ id }) => id === 'open')?.run()}
        />
        {showsText && (
          <Suspense fallback={<section className="vw-text" aria-busy="true" aria-label="YAML" />}>
            <TextPanel goTo={goTo} />
          </Suspense>
        )}
        {showsPanel &&
          (one === undefined ? (
            selected.size === 0 && <WorkflowPanel onClose={() => setShowsPanel(false)} />
          ) : (
            <StepPanel key={one} id={one} onClose={() => setShowsPanel(false)} />
          ))}
        {!showsPanel && (
          <button type="button" className="vw-button vw-show-panel" onClick={() => setShowsPanel(true)}>
            Details
          </button>
        )}
      </div>
      <div className="vw-hidden" aria-live="polite">
        {announcement.text}
        {announcement.count % 2 === 0 ? '' : '\u00a0'}
      </div>
      {open?.dialog === 'add' && (
        <AddDialog after={open.after} at={open.at} onClose={() => setOpen(undefined)} />
      )}
      {open?.dialog === 'commands' && (
        <CommandDialog commands={commands} onClose={() => setOpen(undefined)} />
      )}
      {open?.dialog === 'keys' && <KeysDialog commands={commands} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
