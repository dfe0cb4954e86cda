import type { JsonValue } from '../model/json.ts';

interface Described {
  /** For people: shown by editors, and the source of the reference. */
  description: string;
  /** For people and editors; the engine applies it itself. */
  default?: JsonValue;
  examples?: readonly JsonValue[];
}

/** Text; `pattern` must match the whole of it, and `expected` says so in words. */
export interface TextShape extends Described {
  type: 'text';
  /** Empty text counts as missing. */
  filled?: boolean;
  pattern?: string;
  expected?: string;
}

/** A number, whole if `integer`. */
export interface NumberShape extends Described {
  type: 'number';
  integer?: boolean;
  minimum: number;
}

/** One of a few words. */
export interface WordShape extends Described {
  type: 'word';
  words: readonly string[];
}

/** Values whose shape has nothing to set. */
export interface PlainShape extends Described {
  type: 'boolean' | 'duration' | 'anything' | 'mapping' | 'schema';
}

/** A list; `minimum` entries at least. */
export interface ListShape extends Described {
  type: 'list';
  items: Shape;
  minimum?: number;
}

/** A mapping with these keys and no others. */
export interface ObjectShape extends Described {
  type: 'object';
  /** What it is, as messages call it: "a step". */
  noun: string;
  keys: Readonly<Record<string, Shape>>;
  required?: readonly string[];
}

/** One of several shapes. */
export interface ChoiceShape extends Described {
  type: 'choice';
  of: readonly Shape[];
  /** The shape that a value was meant to have, so that problems are told of that one only. */
  select(value: JsonValue): Shape | undefined;
  /** What is expected when none is meant: "a schedule or a webhook". */
  expected: string;
}

/**
 * The vocabulary in which the form of a document is described, once: the validator and the published
 * JSON Schema are both made from it. Smaller than JSON Schema, so that every message can be a good one.
 */
export type Shape = TextShape | NumberShape | WordShape | PlainShape | ListShape | ObjectShape | ChoiceShape;
