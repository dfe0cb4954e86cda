import { type Handle, Position as Side } from '@xyflow/react';
import { type Direction, nodeSize } from '../../layout/index.ts';

/** One end of edges at a node. */
export interface PortPlace {
  /** Undefined for the plain edge. */
  readonly port: string | undefined;
  readonly side: Side;
  /** From the upper left corner of the node, in pixels. */
  readonly x: number;
  readonly y: number;
}

const { width, height } = nodeSize;

/** Where the edges into a node end. */
export function inputPlace(direction: Direction): PortPlace {
  return direction === 'down'
    ? { port: undefined, side: Side.Top, x: width / 2, y: 0 }
    : { port: undefined, side: Side.Left, x: 0, y: height / 2 };
}

/** Room at the end of the side where edges begin, for `error`. */
const forError = 28;

/** Where edges begin, all on one side: the plain one and named ports spread out, `error` at the end. */
export function outputPlaces(ports: readonly string[], direction: Direction): PortPlace[] {
  const named = [undefined, ...ports.filter((port) => port !== 'error')];
  const down = direction === 'down';
  const length = down ? width : height;
  const end = length - (down ? forError : 12);
  const place = (port: string | undefined, at: number): PortPlace =>
    down ? { port, side: Side.Bottom, x: at, y: height } : { port, side: Side.Right, x: width, y: at };
  // A single one stands in the middle; several keep away from the end.
  const room = named.length === 1 ? length : end;
  const spread = named.map((port, at) => place(port, (room * (at + 0.5)) / named.length));
  return [...spread, place('error', end)];
}

/** Handles as React Flow takes them for nodes that are not rendered yet. */
export function flowHandles(ports: readonly string[], direction: Direction): Omit<Handle, 'nodeId'>[] {
  const of = (type: 'source' | 'target', { port, side, x, y }: PortPlace): Omit<Handle, 'nodeId'> => ({
    id: port ?? null,
    type,
    position: side,
    x,
    y,
    width: 1,
    height: 1,
  });
  return [
    of('target', inputPlace(direction)),
    ...outputPlaces(ports, direction).map((place) => of('source', place)),
  ];
}
