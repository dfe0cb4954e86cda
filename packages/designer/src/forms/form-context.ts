import type { JsonValue } from '@vwmp/core';
import type { Path } from '../document/index.ts';
import type { Name, Place } from './scope.ts';

/** What every field of a form needs of what is around it. */
export interface FormContext {
  /** Called with the path inside of the form; undefined takes the value away. */
  onChange: (path: Path, value: JsonValue | undefined) => void;
  /** Where a path inside of the form is in the document: see `Unread`. Missing where the form is of none. */
  address?: (path: Path) => Path;
  /** What is wrong at a path inside of the form, or also with what is in that, where one field shows all of it. */
  problems: (path: Path, inside?: boolean) => readonly { readonly message: string }[];
  /** Where expressions can stand in place of values; missing in a form of plain values, whose secrets are typed in. */
  expressions?: Expressions;
  /** Whether an expression at a path inside of the form would be taken for a plain value. Missing where none would. */
  isPlain?: (path: Path) => boolean;
}

export interface Expressions {
  /** What they can read; asked when it is needed. */
  names: () => readonly Name[];
  /** Where they stand. */
  place: Place;
}
