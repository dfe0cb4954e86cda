import type { Execution } from '@vwmp/core';
import { Maximize, Minus, Plus } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Graph } from '../graph/index.ts';
import { nodeSize, type Position } from '../layout/index.ts';
import { layOut } from '../layout/layout.ts';
import { HandlerIcon, IconButton } from '../style/index.ts';
import { lengthText, statusText } from './format.ts';
import { StatusIcon } from './status.tsx';

export interface ExecutionGraphProps {
  graph: Graph;
  execution: Execution;
  now: number;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

const margin = 24;

/** Of the frame, in pixels; and the scale below which no name can be read. */
const narrow = 640;
const unreadable = 0.4;
/** At which the beginning of a graph is shown that is too large to be read as a whole. */
const readable = 0.8;

/** The steps of an execution as a graph, coloured by how they stand. For looking only, hence without an editor's weight. */
export function ExecutionGraph({
  graph,
  execution,
  now,
  selected,
  onSelect,
}: ExecutionGraphProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const places = useMemo(() => layOut(graph.nodes, graph.edges, 'down'), [graph]);
  const size = useMemo(() => {
    const all = [...places.values()];
    return {
      width: Math.max(0, ...all.map(({ x }) => x + nodeSize.width)) + 2 * margin,
      height: Math.max(0, ...all.map(({ y }) => y + nodeSize.height)) + 2 * margin,
    };
  }, [places]);
  const [view, setView] = useState({ x: 0, y: 0, scale: 1 });
  const [isList, setIsList] = useState(false);
  const drag = useRef<{ x: number; y: number } | undefined>(undefined);

  /** What is looked for first in many steps: what is chosen, else what failed, else what goes on. */
  const wanted = (): Position | undefined => {
    const first = (...statuses: string[]): string | undefined =>
      Object.keys(execution.steps).find((id) => statuses.includes(execution.steps[id]!.status));
    const top = inOrder(graph.nodes, places)[0]?.id;
    return places.get(selected ?? first('failed') ?? first('running', 'waiting') ?? top ?? '');
  };
  const look = useRef(wanted);
  look.current = wanted;
  const showAll = (): void => show(true);
  const show = (all: boolean): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const scale = Math.min(1, Math.max(0.05, Math.min(box.width / size.width, box.height / size.height)));
    // Where nothing could be read, on a phone mostly, a list says more.
    setIsList(box.width < narrow && scale < unreadable);
    const at = all || scale >= unreadable ? undefined : look.current();
    if (at)
      return setView({
        scale: readable,
        x: box.width / 2 - (at.x + nodeSize.width / 2 + margin) * readable,
        y: Math.min(0, box.height / 2 - (at.y + nodeSize.height / 2 + margin) * readable),
      });
    setView({
      scale,
      x: (box.width - size.width * scale) / 2,
      y: Math.max(0, (box.height - size.height * scale) / 2),
    });
  };
  useEffect(() => {
    const begin = (): void => show(false);
    begin();
    const observer = new ResizeObserver(begin);
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [size]);

  const zoom = (factor: number, at?: { x: number; y: number }): void =>
    setView((before) => {
      const scale = Math.min(2, Math.max(0.15, before.scale * factor));
      const box = frame.current?.getBoundingClientRect();
      const center = at ?? { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
      const grown = scale / before.scale;
      return {
        scale,
        x: center.x - (center.x - before.x) * grown,
        y: center.y - (center.y - before.y) * grown,
      };
    });
  // The wheel has to be kept from scrolling the page, which only a listener that is not passive may do.
  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element!.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const move = (event: PointerEvent): void => {
    const from = drag.current;
    if (!from) return;
    drag.current = { x: event.clientX, y: event.clientY };
    setView(({ x, y, scale }) => ({ scale, x: x + event.clientX - from.x, y: y + event.clientY - from.y }));
  };

  return (
    <div
      ref={frame}
      className="vw-xgraph"
      data-list={isList || undefined}
      onPointerDown={(event) => {
        if (isList || (event.target as Element).closest('button')) return;
        drag.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      // Also when a touch becomes something else, which ends without being lifted.
      onLostPointerCapture={() => {
        drag.current = undefined;
      }}
    >
      <div
        className="vw-xgraph-plane"
        style={
          isList
            ? {}
            : {
                width: size.width,
                height: size.height,
                transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
              }
        }
      >
        {!isList && (
          <svg width={size.width} height={size.height} aria-hidden="true">
            {graph.edges.map(({ id, from, to, port }) => {
              const [a, b] = [places.get(from), places.get(to)];
              if (!a || !b) return null;
              return (
                <path
                  key={id}
                  d={curve(a, b)}
                  data-taken={isTaken(execution, from, to, port) ? '' : undefined}
                  data-port={port}
                />
              );
            })}
          </svg>
        )}
        <ul aria-label="Steps">
          {(isList ? inOrder(graph.nodes, places) : graph.nodes).map((node) => {
            const { x, y } = places.get(node.id) ?? { x: 0, y: 0 };
            const step = execution.steps[node.id] ?? { status: 'pending' as const, attempts: 0 };
            const length = stepLength(step, now, execution);
            const isBefore = isTakenOver(step, execution);
            return (
              <li key={node.id} style={isList ? {} : { left: x + margin, top: y + margin, ...nodeSize }}>
                <button
                  type="button"
                  className="vw-xnode"
                  data-status={step.status}
                  aria-pressed={node.id === selected}
                  onClick={() => onSelect(node.id)}
                >
                  <span className="vw-xnode-icon">
                    <HandlerIcon name={node.icon} />
                  </span>
                  <span className="vw-xnode-text">
                    <span className="vw-truncate" title={node.title} dir="auto">
                      {node.title}
                    </span>
                    <span className="vw-truncate vw-muted">
                      {statusText(step.status).text}
                      {isBefore && ' before'}
                      {length !== undefined && ` · ${lengthText(length)}`}
                      {step.attempts > 1 && ` · ${step.attempts} attempts`}
                    </span>
                  </span>
                  <StatusIcon status={step.status} size={16} />
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {!isList && (
        <div className="vw-xgraph-tools">
          <IconButton
            label="Zoom in"
            size="s"
            kind="plain"
            icon={<Plus size={14} />}
            onClick={() => zoom(1.25)}
          />
          <IconButton
            label="Zoom out"
            size="s"
            kind="plain"
            icon={<Minus size={14} />}
            onClick={() => zoom(0.8)}
          />
          <IconButton
            label="Show all"
            size="s"
            kind="plain"
            icon={<Maximize size={14} />}
            onClick={showAll}
          />
        </div>
      )}
    </div>
  );
}

/** As they stand, from top to bottom and from left to right. */
function inOrder(nodes: Graph['nodes'], places: ReadonlyMap<string, Position>): Graph['nodes'] {
  const at = (id: string): Position => places.get(id) ?? { x: 0, y: 0 };
  return [...nodes].sort((a, b) => at(a.id).y - at(b.id).y || at(a.id).x - at(b.id).x);
}

/** Whether a step ended in the execution that this one goes on from: what it began then is not how long it took. */
export function isTakenOver(
  { started_at, completed_at }: Execution['steps'][string],
  execution: Pick<Execution, 'started_at'>,
): boolean {
  const began = Date.parse(execution.started_at);
  return Date.parse(started_at ?? '') < began && Date.parse(completed_at ?? '') <= began;
}

/** How long a step took, or has taken until now, in milliseconds; undefined when it has not begun, or is taken over. */
export function stepLength(
  step: Execution['steps'][string],
  now: number,
  execution: Pick<Execution, 'started_at'>,
): number | undefined {
  const { started_at, completed_at, status } = step;
  if (started_at === undefined || isTakenOver(step, execution)) return undefined;
  if (completed_at !== undefined) return Date.parse(completed_at) - Date.parse(started_at);
  return status === 'running' || status === 'waiting' ? Math.max(0, now - Date.parse(started_at)) : undefined;
}

/** Whether the execution went along an edge. */
function isTaken({ steps }: Execution, from: string, to: string, port: string | undefined): boolean {
  const [source, target] = [steps[from], steps[to]];
  if (!source || !target || target.status === 'pending' || target.status === 'skipped') return false;
  if (port === 'error') return source.status === 'failed';
  return source.status === 'success' && (port === undefined || source.port === port);
}

function curve(a: { x: number; y: number }, b: { x: number; y: number }): string {
  const x1 = a.x + nodeSize.width / 2 + margin;
  const y1 = a.y + nodeSize.height + margin;
  const x2 = b.x + nodeSize.width / 2 + margin;
  const y2 = b.y + margin;
  const bend = Math.max(24, Math.abs(y2 - y1) / 2);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
