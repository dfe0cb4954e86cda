/**
 * The builders for schemas of handlers. Each makes a plain JSON Schema and gives it a static type. They are those of
 * TypeBox and mark what they make with its symbols, so that schemas of both fit into each other; all of TypeBox would
 * cost 18 MB of memory and 107 ms, and what of it is needed still 12 KB of code in whatever imports the engine.
 */

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
  /** Keys are any texts. The compiler refuses a second schema, which would be taken for options: TypeBox has that of the keys first. */
  Record<S extends Schema>(
    values: S,
    options?: SchemaOptions & { readonly static?: never },
  ): Schema<Readonly<Record<string, Infer<S>>>>;
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

const kind = Symbol.for('TypeBox.Kind');
const optionalKind = Symbol.for('TypeBox.Optional');

/** What an option says does not win over what the builder stands for. */
const make = (name: string, schema: object, options?: object): object => ({
  ...options,
  [kind]: name,
  ...schema,
});
const simple = (name: string, type: string) => (options?: object) => make(name, { type }, options);

/** Makes schemas. `Type.Object({ url: Type.String() })` has the static type `{ readonly url: string }`. */
export const Type: Builders = {
  Object: (properties: Readonly<Record<string, object>>, options?: object) => {
    const required = Object.keys(properties).filter((key) => !(optionalKind in properties[key]!));
    return make(
      'Object',
      { type: 'object', ...(required.length > 0 && { required }), properties },
      { additionalProperties: false, ...options },
    );
  },
  Record: (values: object, options?: object) =>
    make('Record', { type: 'object', patternProperties: { '^(.*)$': values } }, options),
  Array: (items: object, options?: object) => make('Array', { type: 'array', items }, options),
  String: simple('String', 'string'),
  Number: simple('Number', 'number'),
  Integer: simple('Integer', 'integer'),
  Boolean: simple('Boolean', 'boolean'),
  Null: simple('Null', 'null'),
  Literal: (value: unknown, options?: object) =>
    make('Literal', { const: value, type: typeof value }, options),
  Enum: (values: readonly string[], options?: object) =>
    make('Unsafe', {}, { ...options, type: 'string', enum: values }),
  Union: (schemas: readonly object[], options?: object) => {
    const [only] = schemas;
    if (!only) return make('Never', { not: {} }, options);
    return schemas.length === 1 ? { ...options, ...only } : make('Union', { anyOf: schemas }, options);
  },
  Optional: (schema: object) => ({ ...schema, [optionalKind]: 'Optional' }),
  Unknown: (options?: object) => make('Unknown', {}, options),
  Unsafe: (schema: object) => make('Unsafe', {}, schema),
} as unknown as Builders;
