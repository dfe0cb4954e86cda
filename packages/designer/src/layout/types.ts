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
