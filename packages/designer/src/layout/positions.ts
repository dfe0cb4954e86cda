import type { Direction, Position } from './types.ts';

/** How someone arranged a workflow on the canvas. It is no part of the document. */
export interface Arrangement {
  readonly direction: Direction;
  /** Steps that were moved by hand; all others stand where the layout puts them. */
  readonly moved: Readonly<Record<string, Position>>;
}

export const noArrangement: Arrangement = { direction: 'down', moved: {} };

/** Where arrangements are kept; `localStorage` is one. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const key = (workflow: string): string => `vwmp.arrangement.${workflow}`;

/** The arrangement of a workflow as it was kept, or none. What cannot be read is none too. */
export function loadArrangement(keeper: Keeper, workflow: string): Arrangement {
  try {
    const kept = JSON.parse(keeper.getItem(key(workflow)) ?? '{}') as Partial<Arrangement> | null;
    const moved = Object.entries(kept?.moved ?? {}).filter(
      ([, at]) => Number.isFinite(at?.x) && Number.isFinite(at?.y),
    );
    return { direction: kept?.direction === 'right' ? 'right' : 'down', moved: Object.fromEntries(moved) };
  } catch {
    return noArrangement;
  }
}

/** Keeps an arrangement. A keeper that is full or forbidden costs no more than the arrangement. */
export function keepArrangement(keeper: Keeper, workflow: string, arrangement: Arrangement): void {
  try {
    if (arrangement.direction === 'down' && Object.keys(arrangement.moved).length === 0)
      keeper.removeItem(key(workflow));
    else keeper.setItem(key(workflow), JSON.stringify(arrangement));
  } catch {
    // It is only where boxes stand.
  }
}

/** Notes where steps were moved to. */
export function moveSteps(arrangement: Arrangement, moved: Readonly<Record<string, Position>>): Arrangement {
  return { ...arrangement, moved: { ...arrangement.moved, ...moved } };
}

/** A step keeps its place when it gets another id. */
export function renameInArrangement(arrangement: Arrangement, from: string, to: string): Arrangement {
  const { [from]: place, ...others } = arrangement.moved;
  return place ? { ...arrangement, moved: { ...others, [to]: place } } : arrangement;
}

/** Everything stands where the layout puts it. */
export function tidy(arrangement: Arrangement, direction: Direction = arrangement.direction): Arrangement {
  return { direction, moved: {} };
}
