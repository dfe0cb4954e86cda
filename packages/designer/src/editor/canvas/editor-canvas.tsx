import { type ReactFlowInstance, ReactFlowProvider } from '@xyflow/react';
import { Grid3x3, Maximize, Minus, Plus, TriangleAlert, Workflow, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Origin } from '../../document/index.ts';
import type { Position } from '../../layout/index.ts';
import { nodeSize } from '../../layout/index.ts';
import { Button, EmptyState, IconButton } from '../../style/index.ts';
import { part } from '../../style/part.tsx';
import type { Command } from '../commands.ts';
import { handlerType, templateType } from '../palette.tsx';
import { rememberHandler } from '../recent.ts';
import { useEditor, useEditorState } from '../use-editor.ts';
import type { MenuAt } from './context-menu.tsx';
import type { FlowEdge, FlowNode } from './flow.ts';
import { type CanvasEditing, GraphCanvas } from './graph-canvas.tsx';

const ContextMenu = part(async () => (await import('./context-menu.tsx')).ContextMenu);

export interface EditorCanvasProps {
  snap: boolean;
  commands: readonly Command[];
  onReady: (flow: ReactFlowInstance<FlowNode, FlowEdge>) => void;
  /** The canvas has another width: a panel was opened or closed beside it. */
  onResize: () => void;
  /** A connection was drawn to an empty place. */
  onExtend: (from: Origin, at: Position) => void;
  onAdd: () => void;
  /** Someone works on the canvas: it takes the keys. */
  onFocus: () => void;
  onOpen: () => void;
  /** What lies on it. */
  children: ReactNode;
}

/** The canvas of the editor. */
export function EditorCanvas({
  snap,
  commands,
  onReady,
  onResize,
  onExtend,
  onAdd,
  onFocus,
  onOpen,
  children,
}: EditorCanvasProps): ReactNode {
  const editor = useEditor();
  const graph = useEditorState((state) => state.graph);
  const positions = useEditorState((state) => state.positions);
  const routes = useEditorState((state) => state.routes);
  const direction = useEditorState((state) => state.arrangement.direction);
  const selected = useEditorState((state) => state.selected);
  const selectedEdges = useEditorState((state) => state.selectedEdges);
  const marks = useEditorState((state) => state.marks);
  const refusal = useEditorState((state) => state.refusal);
  const isBroken = useEditorState((state) => state.document.isBroken);
  const [menu, setMenu] = useState<MenuAt>();
  const frame = useRef<HTMLDivElement>(null);
  const resized = useRef(onResize);
  resized.current = onResize;
  useEffect(() => {
    const canvas = frame.current;
    if (!canvas) return;
    // Of now: a panel may open before the observer says anything.
    let width = canvas.clientWidth;
    const observer = new ResizeObserver(() => {
      if (canvas.clientWidth === width) return;
      width = canvas.clientWidth;
      // React Flow has to notice first.
      requestAnimationFrame(() => resized.current());
    });
    observer.observe(canvas);
    return () => observer.disconnect();
  }, []);
  const run = (id: string): void => commands.find((command) => command.id === id)?.run();

  const editing = useMemo<CanvasEditing>(
    () => ({
      move: editor.move,
      connect: editor.connect,
      reconnect: editor.reconnect,
      extend: onExtend,
      drop(data, at) {
        const handler = data.getData(handlerType);
        const [file] = data.files;
        const centre = {
          x: Math.round(at.x - nodeSize.width / 2),
          y: Math.round(at.y - nodeSize.height / 2),
        };
        if (handler !== '') {
          rememberHandler(handler);
          editor.add({ handler }, centre);
        } else if (data.types.includes(templateType)) editor.useTemplate(data.getData(templateType));
        // What is larger has no steps, and a folder cannot be read.
        else if (file)
          file
            .slice(0, 1e6)
            .text()
            .then(editor.paste, () => editor.paste(''));
        else editor.paste(data.getData('text/plain'));
      },
    }),
    [editor],
  );

  const needs = 'editor';
  const templates = editor.types.flatMap((type) => type.templates ?? []);
  return (
    <div
      ref={frame}
      className="vw-canvas-frame"
      onPointerDown={(event) => {
        if (event.target instanceof Element && event.target.closest('.react-flow__pane, .react-flow__edge'))
          onFocus();
      }}
    >
      <ReactFlowProvider>
        <GraphCanvas
          label="Workflow"
          graph={graph}
          positions={positions}
          routes={routes}
          direction={direction}
          selected={selected}
          selectedEdges={selectedEdges}
          marks={marks}
          editing={isBroken || editor.readOnly ? undefined : editing}
          snap={snap}
          onReady={onReady}
          onSelect={editor.select}
          onOpen={onOpen}
          onMenu={(at, target) => {
            if (target.step !== undefined && !selected.has(target.step)) editor.select([target.step]);
            if (target.edge !== undefined) editor.select([], [target.edge]);
            setMenu({ ...at, ...target });
          }}
        />
      </ReactFlowProvider>
      {graph.nodes.length === 0 && (
        <div className="vw-canvas-empty">
          <EmptyState
            icon={<Workflow size={36} aria-hidden="true" />}
            title={isBroken ? 'The text has a mistake' : 'An empty workflow'}
            actions={
              !isBroken && (
                <>
                  <Button kind="primary" needs={needs} icon={<Plus size={16} />} onClick={onAdd}>
                    Add the first step
                  </Button>
                  {templates.map(({ name, description }) => (
                    <Button
                      key={name}
                      needs={needs}
                      title={description}
                      onClick={() => editor.useTemplate(name)}
                    >
                      {name}
                    </Button>
                  ))}
                </>
              )
            }
          >
            {isBroken
              ? 'Its steps stand here once it is mended in the YAML.'
              : 'Drag a step here, press A, or paste YAML.'}
          </EmptyState>
        </div>
      )}
      {refusal !== undefined && (
        <div className="vw-refusal" role="alert">
          <TriangleAlert size={16} aria-hidden="true" />
          <span>{refusal}</span>
          <IconButton label="Close message" size="s" icon={<X size={14} />} onClick={editor.dismissRefusal} />
        </div>
      )}
      <div className="vw-zoom" role="toolbar" aria-label="Zoom">
        <IconButton
          label="Zoom in"
          keys="+"
          size="s"
          icon={<Plus size={15} />}
          onClick={() => run('zoom-in')}
        />
        <IconButton
          label="Zoom out"
          keys="-"
          size="s"
          icon={<Minus size={15} />}
          onClick={() => run('zoom-out')}
        />
        <IconButton
          label="Show everything"
          keys="0"
          size="s"
          icon={<Maximize size={15} />}
          onClick={() => run('fit')}
        />
        <IconButton
          label="Snap to the grid"
          keys="G"
          size="s"
          icon={<Grid3x3 size={15} />}
          aria-pressed={snap}
          onClick={() => run('snap')}
        />
      </div>
      {children}
      {menu && <ContextMenu at={menu} run={run} onClose={() => setMenu(undefined)} />}
    </div>
  );
}
