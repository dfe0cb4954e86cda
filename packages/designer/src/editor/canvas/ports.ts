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

/** Where edges begin, all on one side: the plain one, named ports, and `error` at the end. */
export function outputPlaces(ports: readonly string[], direction: Direction): PortPlace[] {
  const named = [undefined, ...ports.filter((port) => port !== 'error')];
  const down = direction === 'down';
  const length = down ? width : height;
  const place = (port: string | undefined, at: number): PortPlace =>
    down ? { port, side: Side.Bottom, x: at, y: height } : { port, side: Side.Right, x: width, y: at };
  // The plain one alone stands in the middle.
  if (named.length === 1) return [place(undefined, length / 2), place('error', length - (down ? 28 : 12))];
  return [...named, 'error'].map((port, at, all) => place(port, (length * (at + 0.5)) / all.length));
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
