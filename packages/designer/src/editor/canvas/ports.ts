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

/** Where edges begin: the plain one and named ports side by side where the workflow goes on, `error` at the side. */
export function outputPlaces(ports: readonly string[], direction: Direction): PortPlace[] {
  const named = [undefined, ...ports.filter((port) => port !== 'error')];
  const down = direction === 'down';
  const along = named.map((port, at): PortPlace => {
    const share = (at + 1) / (named.length + 1);
    return down
      ? { port, side: Side.Bottom, x: share * width, y: height }
      : { port, side: Side.Right, x: width, y: share * height };
  });
  const error: PortPlace = down
    ? { port: 'error', side: Side.Right, x: width, y: height / 2 }
    : { port: 'error', side: Side.Bottom, x: width / 2, y: height };
  return [...along, error];
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
