/** Of a node on the canvas, in pixels. */
export const nodeSize = { width: 248, height: 72 } as const;

/** A place on the canvas, in pixels: the upper left corner. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands on the canvas. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Position>;
  /** By `from→to`: where a long edge passes, as long as its ends stand where the layout put them. */
  readonly routes: ReadonlyMap<string, readonly Position[]>;
}

/** Places every node of a graph. The same graph always gets the same places. */
export type LayOut = (
  nodes: readonly { readonly id: string }[],
  edges: readonly { readonly from: string; readonly to: string }[],
  direction: Direction,
) => Layout;

/** Which way a workflow runs on the canvas: `down` or to the `right`. */
export type Direction = 'down' | 'right';

/** A place in a layout that does not know its direction yet. */
export interface Point {
  readonly across: number;
  readonly along: number;
}

export interface LayoutInput {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Of every node. */
  readonly size: Point;
  /** Between nodes. */
  readonly gap: Point;
}

/** Where nodes stand, and where long edges pass between them. */
export interface Placement {
  readonly places: ReadonlyMap<string, Point>;
  /** By `from→to`: what an edge passes on its way, without its ends. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
}
