import type { ReactFlowInstance } from '@xyflow/react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Origin } from '../document/index.ts';
import { nodeSize, type Position } from '../layout/index.ts';
import { copyText } from '../style/copy-text.ts';
import { part } from '../style/part.tsx';
import { AddDialog } from './add-dialog.tsx';
import { EditorCanvas } from './canvas/editor-canvas.tsx';
import type { FlowEdge, FlowNode } from './canvas/flow.ts';
import { few, fit, fitAbove } from './canvas/graph-canvas.tsx';
import { useStillness } from './canvas/use-stillness.ts';
import { CommandDialog } from './command-dialog.tsx';
import { type Command, commandOf, editorCommands } from './commands.ts';
import type { Editor } from './editor.ts';
import { usePageKeys } from './page-keys.ts';
import { Panel } from './panel.tsx';
import { Side, type SideView } from './side.tsx';
import { Toolbar } from './toolbar.tsx';
import { EditorContext, useEditor, useEditorState } from './use-editor.ts';
import { type OpenedEditorOptions, useOpenedEditor } from './use-opened-editor.ts';

const TextPanel = part(
  async () => (await import('../text/text-panel.tsx')).TextPanel,
  <section className="vw-text" aria-busy="true" aria-label="YAML" />,
);
const KeysDialog = part(async () => (await import('./keys-dialog.tsx')).KeysDialog);

export interface WorkflowEditorProps extends OpenedEditorOptions {
  /** Buttons at the right end of the toolbar: save, run. */
  actions?: ReactNode;
  /** What else can be done by a key, and found in the list of commands. */
  commands?: readonly Command[];
}

/** Canvas, forms, outline and text of one document. It fills what it is in. */
export function WorkflowEditor(props: WorkflowEditorProps): ReactNode {
  const { editor, isReady, onCanvas } = useOpenedEditor(props);
  return editor ? (
    <EditorContext value={editor}>
      <EditorFrame
        isReady={isReady}
        actions={props.actions}
        more={props.commands ?? none}
        onCanvas={onCanvas}
      />
    </EditorContext>
  ) : null;
}

/** A key as the browser and as React tell of it. */
type Press = globalThis.KeyboardEvent | KeyboardEvent<HTMLElement>;

type Open = { dialog: 'commands' | 'keys' } | { dialog: 'add'; after: readonly Origin[]; at?: Position };

interface EditorFrameProps {
  isReady: boolean;
  actions: ReactNode;
  more: readonly Command[];
  /** The canvas is there. */
  onCanvas: () => void;
}

const none: readonly Command[] = [];
/** Pixels below which three panels would leave next to nothing of the canvas. */
const threePanels = 1500;

function EditorFrame({ isReady, actions, more, onCanvas }: EditorFrameProps): ReactNode {
  const editor = useEditor();
  const selected = useEditorState((state) => state.selected);
  const announcement = useEditorState((state) => state.announcement);
  const root = useRef<HTMLDivElement>(null);
  const flow = useRef<ReactFlowInstance<FlowNode, FlowEdge>>(undefined);
  // A mistake is mended in the text.
  const [showsText, setShowsText] = useState(() => editor.getState().document.isBroken);
  const [side, setSide] = useState<SideView | undefined>(() =>
    innerWidth < (showsText ? threePanels : 900) ? undefined : editor.readOnly ? 'outline' : 'palette',
  );
  const [showsPanel, setShowsPanel] = useState(() => innerWidth >= 900);
  const [snap, setSnap] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [hasCanvas, setHasCanvas] = useState(false);
  const [focuses, setFocuses] = useState(0);
  const focused = useRef(0);
  const [sideFocuses, setSideFocuses] = useState(0);
  const sideFocused = useRef(0);
  const [goTo, setGoTo] = useState<{ line: number; column: number }>();
  const goToUnread = useEditorState((state) => state.document.goTo);
  const [one] = selected.size === 1 ? selected : [];

  const whenStill = useStillness(root);
  /** Brings a step into sight that is not, or everything. */
  const reveal = useCallback(
    (id: string | undefined): void =>
      whenStill(() => {
        const at = id === undefined ? undefined : editor.getState().positions.get(id);
        const box = root.current?.querySelector('.vw-canvas')?.getBoundingClientRect();
        if (!flow.current || !box) return;
        if (!at) {
          void flow.current.fitView(editor.getState().graph.nodes.length > few ? fitAbove : fit);
          return;
        }
        const view = flow.current.getViewport();
        const { zoom } = view;
        const { x, y } = flow.current.flowToScreenPosition(at);
        const right = missing(x, nodeSize.width * zoom, box.left, box.right);
        const down = missing(y, nodeSize.height * zoom, box.top, box.bottom);
        // What lies far off is shown with what is around it; what is half seen comes in as far as it has to.
        if (right === undefined || down === undefined)
          void flow.current.setCenter(at.x + nodeSize.width / 2, at.y + nodeSize.height / 2, { zoom });
        else if (right || down) void flow.current.setViewport({ zoom, x: view.x + right, y: view.y + down });
      }),
    [editor, whenStill],
  );
  // What is selected is what one works on: it is in sight, and its panel is open.
  useEffect(() => {
    if (one === undefined) return;
    setShowsPanel(true);
    reveal(one);
  }, [one, reveal]);
  useEffect(() => {
    if (goToUnread) setShowsPanel(true);
  }, [goToUnread]);
  // On a narrow page the others would lie over it.
  useEffect(() => {
    if (!side || innerWidth >= 900) return;
    setShowsPanel(false);
    setShowsText(false);
  }, [side, sideFocuses]);

  const add = (
    after = one === undefined || one.startsWith('#') ? [] : [{ step: one }],
    at?: Position,
  ): void => {
    if (editor.readOnly === undefined) setOpen({ dialog: 'add', after, ...(at && { at }) });
    else editor.refuse(editor.readOnly);
  };
  const addNow = (handler: string): void =>
    void editor.add({ handler, after: one === undefined || one.startsWith('#') ? [] : [{ step: one }] });

  const own = useMemo(
    () =>
      editorCommands({
        editor,
        flow: () => flow.current,
        addStep: () => add(),
        openPanel: () => {
          setShowsPanel(true);
          if (editor.getState().selected.size < 2) setFocuses((before) => before + 1);
        },
        showEverything: () => reveal(undefined),
        toggleText: () => {
          setShowsText(!showsText);
          if (!showsText && root.current!.clientWidth < threePanels) setSide(undefined);
        },
        showSide: (now) => {
          setSide(now);
          setSideFocuses((before) => before + 1);
        },
        showCommands: () => setOpen({ dialog: 'commands' }),
        showKeys: () => setOpen({ dialog: 'keys' }),
        toggleSnap: () => setSnap((now) => !now),
        copy: () => void copySelected(editor),
        async cut() {
          const { selected } = editor.getState();
          if (await copySelected(editor)) editor.remove(selected);
        },
        paste: () => void paste(editor),
      }),
    [editor, one, reveal, showsText],
  );
  const commands = useMemo(() => [...more, ...own], [more, own]);

  const press = (event: Press): void => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.target.closest('dialog, [role="menu"]')) return;
    // What lies over everything has the keys also where it has lost the focus, as when a button of it is disabled.
    if (document.querySelector('dialog:modal, .vw-menu:popover-open')) return;
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
    // The browser undoes what stands in a field only.
    if (
      (command.id === 'undo' || command.id === 'redo') &&
      event.target.matches('[type="search"], [data-draft]')
    )
      return;
    event.preventDefault();
    command.run();
  };
  usePageKeys(root, press);

  const isElsewhere = (event: ClipboardEvent): boolean =>
    !(event.target instanceof Element) ||
    event.target.matches('input, textarea, select') ||
    event.target.closest('dialog, .vw-text, .vw-cm') !== null ||
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
      aria-busy={!isReady || undefined}
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
          <Side
            view={side}
            onView={setSide}
            focuses={sideFocuses}
            focused={sideFocused}
            onAdd={addNow}
            onAddAfter={(id) => add(id === undefined ? [] : [{ step: id }])}
            onGoTo={(line, column) => {
              setShowsText(true);
              setGoTo({ line, column });
            }}
          />
        )}
        <EditorCanvas
          snap={snap}
          commands={commands}
          onReady={(instance) => {
            flow.current = instance;
            setHasCanvas(true);
            onCanvas();
          }}
          onResize={() => reveal(one)}
          onExtend={(from, at) => add([from], at)}
          onAdd={() => add()}
          onFocus={() => root.current?.focus({ preventScroll: true })}
          onOpen={() => commands.find(({ id }) => id === 'open')?.run()}
        >
          {!showsPanel && (
            <button type="button" className="vw-button vw-show-panel" onClick={() => setShowsPanel(true)}>
              Details
            </button>
          )}
        </EditorCanvas>
        {showsText && <TextPanel goTo={goTo} />}
        {showsPanel && hasCanvas && selected.size < 2 && (
          <Panel step={one} focuses={focuses} focused={focused} onClose={() => setShowsPanel(false)} />
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

/** Pixels by which something has to move to be well between two edges: undefined where nothing of it is. */
function missing(at: number, size: number, from: number, to: number): number | undefined {
  if (at >= to || at + size <= from) return undefined;
  return Math.max(from + 8 - at, Math.min(0, to - 8 - at - size));
}

async function copySelected(editor: Editor): Promise<boolean> {
  const isCopied = await copyText(editor.copy(editor.getState().selected));
  if (!isCopied) editor.refuse('The browser does not let the page copy. Use its own keys.');
  return isCopied;
}

async function paste(editor: Editor): Promise<void> {
  try {
    editor.paste(await navigator.clipboard.readText());
  } catch {
    // Not allowed, or the page came over plain HTTP.
    editor.refuse('The browser does not let the page read the clipboard. Use its own keys.');
  }
}
