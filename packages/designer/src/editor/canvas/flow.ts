// From the graph of a document to what React Flow draws.
import type { StepStatus } from '@vwmp/core';
import { type Edge, MarkerType, type Node } from '@xyflow/react';
import type { Graph, GraphEdge, GraphNode, Marks } from '../../graph/index.ts';
import { type Direction, nodeSize, type Position } from '../../layout/index.ts';
import { flowHandles } from './ports.ts';

export interface StepData extends Record<string, unknown> {
  readonly step: GraphNode;
  readonly direction: Direction;
  readonly status: StepStatus | undefined;
  readonly problems: number;
  /** What the problems say, for the tooltip. */
  readonly complaint: string;
  readonly isReadOnly: boolean;
}

export interface GroupData extends Record<string, unknown> {
  readonly label: string;
}

export type StepNode = Node<StepData, 'step'>;
export type GroupNode = Node<GroupData, 'branches'>;
export type FlowNode = StepNode | GroupNode;

export interface FlowEdgeData extends Record<string, unknown> {
  readonly port: string | undefined;
  /** Where it passes on its way. */
  readonly route: readonly Position[] | undefined;
  /** Of the execution: what came by this edge. */
  readonly state: 'live' | 'running' | 'dead' | undefined;
}

export type FlowEdge = Edge<FlowEdgeData, 'step'>;

export interface FlowInput {
  graph: Graph;
  positions: ReadonlyMap<string, Position>;
  routes: ReadonlyMap<string, readonly Position[]>;
  direction: Direction;
  selected: ReadonlySet<string>;
  selectedEdges: ReadonlySet<string>;
  marks: Marks;
  statuses: ReadonlyMap<string, StepStatus> | undefined;
  isReadOnly: boolean;
}

/** Makes nodes, and takes those that are the same as before from `cache`: React Flow looks at what is new only. */
export function flowNodes(input: FlowInput, cache: Map<string, StepNode>): FlowNode[] {
  const { graph, positions, direction, selected, marks, statuses, isReadOnly } = input;
  const steps = graph.nodes.map((step): StepNode => {
    const position = positions.get(step.id) ?? { x: 0, y: 0 };
    const problems = marks.ofStep.get(step.id) ?? [];
    const status = statuses?.get(step.id);
    const isSelected = selected.has(step.id);
    const complaint = problems.map(({ message }) => message).join('\n');
    const old = cache.get(step.id);
    if (
      old?.data.step === step &&
      old.data.direction === direction &&
      old.data.status === status &&
      old.data.complaint === complaint &&
      old.data.isReadOnly === isReadOnly &&
      old.selected === isSelected &&
      old.position.x === position.x &&
      old.position.y === position.y
    )
      return old;
    const node: StepNode = {
      id: step.id,
      type: 'step',
      position,
      selected: isSelected,
      data: { step, direction, status, problems: problems.length, complaint, isReadOnly },
      ...nodeSize,
      measured: nodeSize,
      handles: flowHandles(step.ports, direction),
      ariaLabel: describe(step, status, problems.length),
    };
    cache.set(step.id, node);
    return node;
  });
  return [...groupNodes(input), ...steps];
}

/** What a screen reader says of a step. */
function describe(step: GraphNode, status: StepStatus | undefined, problems: number): string {
  return [
    `Step ${step.title}`,
    step.title === step.id ? '' : step.id,
    step.subtitle,
    status ?? '',
    ...step.badges.map(({ title }) => title),
    problems === 0 ? '' : problems === 1 ? '1 problem' : `${problems} problems`,
  ]
    .filter(Boolean)
    .join(', ');
}

const room = 20;

function groupNodes({ graph, positions }: FlowInput): GroupNode[] {
  return graph.groups.flatMap(({ fork, join, members }): GroupNode[] => {
    const places = members.flatMap((id) => positions.get(id) ?? []);
    if (places.length < 2) return [];
    const left = Math.min(...places.map(({ x }) => x)) - room;
    const top = Math.min(...places.map(({ y }) => y)) - room;
    const right = Math.max(...places.map(({ x }) => x)) + nodeSize.width + room;
    const bottom = Math.max(...places.map(({ y }) => y)) + nodeSize.height + room;
    const size = { width: right - left, height: bottom - top };
    return [
      {
        id: `group ${fork}→${join}`,
        type: 'branches',
        position: { x: left, y: top },
        data: { label: `Parallel branches from ${fork} to ${join}` },
        ...size,
        measured: size,
        selectable: false,
        draggable: false,
        focusable: false,
        deletable: false,
        connectable: false,
        zIndex: -1,
        style: { pointerEvents: 'none' },
      },
    ];
  });
}

export function flowEdges(input: FlowInput): FlowEdge[] {
  const { graph, routes, selectedEdges, statuses } = input;
  return graph.edges.map((edge): FlowEdge => {
    const tone = edge.port === undefined ? 'plain' : edge.port === 'error' ? 'error' : 'port';
    const state = stateOf(edge, statuses);
    return {
      id: edge.id,
      type: 'step',
      source: edge.from,
      sourceHandle: edge.port ?? null,
      target: edge.to,
      targetHandle: null,
      selected: selectedEdges.has(edge.id),
      data: { port: edge.port, route: routes.get(`${edge.from}→${edge.to}`), state },
      className: `vw-edge vw-edge-${tone} ${state ? `vw-edge-${state}` : ''}`,
      markerEnd: {
        type: MarkerType.ArrowClosed,
        width: 16,
        height: 16,
        color: `var(--vw-edge-${state ?? tone})`,
      },
      ariaLabel: `Connection from ${edge.from}${edge.port === undefined ? '' : `, port ${edge.port},`} to ${edge.to}`,
    };
  });
}

function stateOf({ from, to, port }: GraphEdge, statuses: FlowInput['statuses']): FlowEdgeData['state'] {
  if (!statuses) return undefined;
  const [source, target] = [statuses.get(from), statuses.get(to)];
  if (source === undefined || source === 'pending') return undefined;
  if (source === 'running' || source === 'waiting') return undefined;
  const isLive =
    port === 'error' ? source === 'failed' : port === undefined ? source === 'success' : target !== 'skipped';
  if (!isLive) return 'dead';
  return target === 'running' || target === 'waiting' ? 'running' : 'live';
}
