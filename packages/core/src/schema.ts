/**
 * The builders for schemas of handlers: a few of TypeBox's, so that what is bundled stays small
 * (the whole of TypeBox costs 18 MB of memory and 107 ms). Each makes a plain JSON Schema and gives it a
 * static type. The types are written here and not re-exported, so that the published
 * declarations need no other package; schemas made with TypeBox itself fit as well.
 */
import {
  Array as arrayOf,
  Boolean as booleanOf,
  Integer as integerOf,
  Literal as literalOf,
  Null as nullOf,
  Number as numberOf,
  Object as objectOf,
  Optional as optionalOf,
  Record as recordOf,
  String as stringOf,
  Union as unionOf,
  Unknown as unknownOf,
  Unsafe as unsafeOf,
} from '@sinclair/typebox';

/** A JSON Schema whose values have the static type `T`. `static` exists for the compiler only. */
export interface Schema<T = unknown> {
  readonly static: T;
  readonly [keyword: string]: unknown;
}

declare const optional: unique symbol;

/** A property that may be missing. */
export interface OptionalSchema<T = unknown> extends Schema<T> {
  readonly [optional]: true;
}

/** The static type of what a schema accepts. */
export type Infer<S extends { readonly static: unknown }> = S['static'];

/** Keywords that every schema may carry. */
export interface SchemaOptions {
  title?: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  [keyword: string]: unknown;
}

type Properties = Readonly<Record<string, Schema>>;
type OptionalKeys<P extends Properties> = {
  [K in keyof P]: P[K] extends OptionalSchema ? K : never;
}[keyof P];
type Simplify<T> = { [K in keyof T]: T[K] };
type ObjectOf<P extends Properties> = Simplify<
  { readonly [K in Exclude<keyof P, OptionalKeys<P>>]: Infer<P[K]> } & {
    readonly [K in OptionalKeys<P>]?: Infer<P[K]>;
  }
>;

interface Builders {
  /** Properties not named are refused unless `additionalProperties` says otherwise. */
  Object<P extends Properties>(properties: P, options?: SchemaOptions): Schema<ObjectOf<P>>;
  Record<S extends Schema>(values: S, options?: SchemaOptions): Schema<Readonly<Record<string, Infer<S>>>>;
  Array<S extends Schema>(items: S, options?: SchemaOptions): Schema<readonly Infer<S>[]>;
  String(options?: SchemaOptions): Schema<string>;
  Number(options?: SchemaOptions): Schema<number>;
  Integer(options?: SchemaOptions): Schema<number>;
  Boolean(options?: SchemaOptions): Schema<boolean>;
  Null(options?: SchemaOptions): Schema<null>;
  Literal<const V extends string | number | boolean>(value: V, options?: SchemaOptions): Schema<V>;
  /** One of the given strings. */
  Enum<const V extends string>(values: readonly V[], options?: SchemaOptions): Schema<V>;
  Union<const S extends readonly Schema[]>(schemas: S, options?: SchemaOptions): Schema<Infer<S[number]>>;
  Optional<S extends Schema>(schema: S): OptionalSchema<Infer<S>>;
  /** Any value. */
  Unknown(options?: SchemaOptions): Schema<unknown>;
  /** Any JSON Schema, with a static type of the caller's choice. */
  Unsafe<T>(schema: SchemaOptions): Schema<T>;
}

/** Makes schemas. `Type.Object({ url: Type.String() })` has the static type `{ readonly url: string }`. */
export const Type: Builders = {
  Object: (properties: object, options?: SchemaOptions) =>
    objectOf(properties as never, { additionalProperties: false, ...options }),
  Record: (values: Schema, options?: SchemaOptions) => recordOf(stringOf(), values as never, options),
  Array: arrayOf,
  String: stringOf,
  Number: numberOf,
  Integer: integerOf,
  Boolean: booleanOf,
  Null: nullOf,
  Literal: literalOf,
  Enum: (values: readonly string[], options?: SchemaOptions) =>
    unsafeOf({ ...options, type: 'string', enum: values }),
  Union: unionOf,
  Optional: (schema: Schema) => optionalOf(schema as never),
  Unknown: unknownOf,
  Unsafe: unsafeOf,
} as unknown as Builders;
