import type { JsonValue } from '../../model/json.ts';
import type { Path } from '../path.ts';

/**
 * Where an edit applies: keys and positions, or the dotted form that problems carry. Behind `steps`, text
 * is the id of a step. A dotted path cannot name keys that have dots in them.
 */
export type EditPath = string | Path;

/** One change of a document. */
export type Edit =
  /** Gives a value to what is at the path; makes what is missing on the way. */
  | { set: EditPath; value: JsonValue }
  | { remove: EditPath }
  /** Puts a value into a list, before the position that the path ends with; the length of the list appends. */
  | { insert: EditPath; value: JsonValue }
  /** Gives a step another id, in edges and expressions too. */
  | { rename: string; to: string };
