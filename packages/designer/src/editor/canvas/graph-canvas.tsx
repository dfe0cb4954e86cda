import type { StepStatus } from '@vwmp/core';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionMode,
  type FinalConnectionState,
  type FitViewOptions,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import { type DragEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Origin } from '../../document/index.ts';
import { type Graph, type Marks, noMarks } from '../../graph/index.ts';
import type { Direction, Position } from '../../layout/index.ts';
import { type FlowEdge, type FlowInput, type FlowNode, flowEdges, flowNodes, type StepNode } from './flow.ts';
import { StepEdgeView } from './step-edge.tsx';
import { GroupNodeView, StepNodeView } from './step-node.tsx';

const nodeTypes = { step: StepNodeView, branches: GroupNodeView };
const edgeTypes = { step: StepEdgeView };
const nothing: ReadonlySet<string> = new Set();
const noRoutes: ReadonlyMap<string, readonly Position[]> = new Map();

/** What someone can change on a canvas. Without it, one can look and select only. */
export interface CanvasEditing {
  move(moved: Readonly<Record<string, Position>>): void;
  connect(from: Origin, to: string): void;
  reconnect(old: { from: Origin; to: string }, now: { from: Origin; to: string }): void;
  /** A connection was drawn to nowhere: something new is wanted there. */
  extend(from: Origin, at: Position, screen: { x: number; y: number }): void;
  /** Something was dropped. @param data - by type */
  drop(data: DataTransfer, at: Position): void;
}

export interface GraphCanvasProps {
  /** Names the canvas for screen readers. */
  label: string;
  graph: Graph;
  positions: ReadonlyMap<string, Position>;
  routes?: ReadonlyMap<string, readonly Position[]>;
  direction: Direction;
  selected?: ReadonlySet<string>;
  selectedEdges?: ReadonlySet<string>;
  marks?: Marks;
  /** Of an execution, by id of the step. */
  statuses?: ReadonlyMap<string, StepStatus>;
  editing?: CanvasEditing;
  onSelect?: (ids: Iterable<string>, edges: Iterable<string>) => void;
  /** A step was opened: by a double click. */
  onOpen?: (id: string) => void;
  onMenu?: (at: { x: number; y: number }, target: { step?: string; edge?: string }) => void;
  onReady?: (flow: ReactFlowInstance<FlowNode, FlowEdge>) => void;
  /** @defaultValue true */
  minimap?: boolean;
  /** @defaultValue false */
  snap?: boolean;
  children?: ReactNode;
}

/** So many are seen at a glance, without an overview. */
export const few = 12;

/** From here on, what is out of sight is not rendered. */
const many = 150;

/** The graph of a document on a canvas to pan and zoom. Keeps nothing but what is being dragged. */
export function GraphCanvas(props: GraphCanvasProps): ReactNode {
  const { label, graph, positions, direction, editing, onSelect, onOpen, onMenu, onReady, children } = props;
  const {
    routes = noRoutes,
    selected = nothing,
    selectedEdges = nothing,
    marks = noMarks,
    statuses,
    minimap = true,
    snap = false,
  } = props;
  const isReadOnly = editing === undefined;
  const flow = useRef<ReactFlowInstance<FlowNode, FlowEdge>>(null);
  const cache = useRef(new Map<string, StepNode>());
  const selection = useRef({ selected, selectedEdges });
  selection.current = { selected, selectedEdges };

  const input: FlowInput = {
    graph,
    positions,
    routes,
    direction,
    selected,
    selectedEdges,
    marks,
    statuses,
    isReadOnly,
  };
  const given = useMemo(
    () => flowNodes(input, cache.current),
    [graph, positions, direction, selected, marks, statuses, isReadOnly],
  );
  const edges = useMemo(() => flowEdges(input), [graph, routes, selectedEdges, statuses]);
  const [nodes, setNodes] = useState(given);
  const [shown, setShown] = useState(given);
  if (shown !== given) {
    setShown(given);
    setNodes(given);
  }

  const hasOverview = minimap && graph.nodes.length > few;
  const whole = hasOverview ? fitAbove : fit;
  // A workflow that is opened, or turned, is shown as a whole.
  const isEmpty = graph.nodes.length === 0;
  useEffect(() => {
    void flow.current?.fitView(whole);
  }, [direction, isEmpty]);

  const change = (changes: NodeChange<FlowNode>[]): void => {
    const picked = changes.filter((each) => each.type === 'select');
    if (picked.length > 0) {
      const now = new Set(selection.current.selected);
      for (const each of picked) each.selected ? now.add(each.id) : now.delete(each.id);
      selection.current = { ...selection.current, selected: now };
      onSelect?.(now, selection.current.selectedEdges);
    }
    const moves = changes.filter((each) => each.type === 'position');
    if (moves.length === 0) return;
    setNodes((before) => applyNodeChanges(moves, before));
    const ended = moves.filter(({ dragging, position }) => !dragging && position);
    const places = ended.map(({ id, position }) => [
      id,
      { x: Math.round(position!.x), y: Math.round(position!.y) },
    ]);
    const moved = Object.fromEntries(
      places.filter(([id, at]) => !samePlace(positions.get(id as string), at as Position)),
    );
    if (Object.keys(moved).length > 0) editing?.move(moved);
  };

  const toOrigin = ({ source, sourceHandle }: { source: string; sourceHandle?: string | null }): Origin => ({
    step: source,
    port: sourceHandle ?? undefined,
  });

  const endConnection = (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    if (state.isValid || state.toNode || !state.fromNode || state.fromHandle?.type !== 'source') return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point || !flow.current) return;
    const screen = { x: point.clientX, y: point.clientY };
    const origin = { step: state.fromNode.id, port: state.fromHandle.id ?? undefined };
    editing?.extend(origin, flow.current.screenToFlowPosition(screen), screen);
  };

  return (
    <ReactFlow<FlowNode, FlowEdge>
      className="vw-canvas"
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      connectionMode={ConnectionMode.Strict}
      onInit={(instance) => {
        flow.current = instance;
        void instance.fitView(whole);
        onReady?.(instance);
      }}
      onNodesChange={change}
      onEdgesChange={(changes) => {
        const now = new Set(selection.current.selectedEdges);
        const picked = changes.filter((each) => each.type === 'select');
        if (picked.length === 0) return;
        for (const each of picked) each.selected ? now.add(each.id) : now.delete(each.id);
        selection.current = { ...selection.current, selectedEdges: now };
        onSelect?.(selection.current.selected, now);
      }}
      onConnect={(connection: Connection) => editing?.connect(toOrigin(connection), connection.target)}
      onConnectEnd={endConnection}
      onReconnect={(edge, connection) =>
        editing?.reconnect(
          { from: toOrigin(edge), to: edge.target },
          { from: toOrigin(connection), to: connection.target },
        )
      }
      isValidConnection={({ source, target }) => source !== target}
      onNodeDoubleClick={(_, node) => onOpen?.(node.id)}
      onNodeContextMenu={(event, node) => {
        event.preventDefault();
        onMenu?.({ x: event.clientX, y: event.clientY }, { step: node.id });
      }}
      onEdgeContextMenu={(event, edge) => {
        event.preventDefault();
        onMenu?.({ x: event.clientX, y: event.clientY }, { edge: edge.id });
      }}
      onPaneContextMenu={(event) => {
        event.preventDefault();
        onMenu?.({ x: event.clientX, y: event.clientY }, {});
      }}
      onDragOver={(event: DragEvent) => editing && event.preventDefault()}
      onDrop={(event: DragEvent) => {
        if (!editing || !flow.current) return;
        event.preventDefault();
        editing.drop(
          event.dataTransfer,
          flow.current.screenToFlowPosition({ x: event.clientX, y: event.clientY }),
        );
      }}
      nodesDraggable={!isReadOnly}
      nodesConnectable={!isReadOnly}
      edgesReconnectable={!isReadOnly}
      // The editor has its own keys, which work outside of the canvas too.
      deleteKeyCode={null}
      multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
      selectionKeyCode="Shift"
      panActivationKeyCode={null}
      snapToGrid={snap}
      snapGrid={[16, 16]}
      onlyRenderVisibleElements={graph.nodes.length > many}
      minZoom={0.05}
      maxZoom={2}
      fitView
      fitViewOptions={whole}
      proOptions={{ hideAttribution: true }}
      zoomOnDoubleClick={false}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
      {hasOverview && (
        <MiniMap<FlowNode>
          pannable
          style={{ width: 150, height: 110 }}
          zoomable
          className="vw-minimap"
          ariaLabel="Overview of the workflow"
          nodeClassName={(node) =>
            node.type === 'branches'
              ? 'vw-mini-group'
              : `vw-mini-${node.data.status ?? (node.data.problems ? 'failed' : 'plain')}`
          }
          nodeBorderRadius={12}
        />
      )}
      {children}
    </ReactFlow>
  );
}

/** A small workflow is not blown up to fill the canvas. */
export const fit: FitViewOptions = { padding: 0.15, maxZoom: 1, minZoom: 0.2 };

/** Nothing stands behind the overview. */
export const fitAbove: FitViewOptions = { ...fit, padding: { x: 0.1, top: 0.08, bottom: '140px' } };

function samePlace(a: Position | undefined, b: Position): boolean {
  return a?.x === b.x && a.y === b.y;
}
