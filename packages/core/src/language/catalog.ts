import type { JsonObject, JsonSchema } from '../model/json.ts';

/** What the validator has to know about a handler. A handler of the plugin registry fits as it is. */
export interface CatalogHandler {
  /** Schema of its config. */
  readonly config: JsonSchema;
  /**
   * Named ports that it may emit besides `error`. A function gets the config as it is written, with its
   * templates, and returns undefined when the ports are not known. Missing means that it emits none.
   */
  readonly ports?: readonly string[] | ((config: JsonObject) => readonly string[] | undefined);
}

/** The handlers and workflow types that a document may name. */
export interface Catalog {
  /** The handler with that path (`http.request`), or undefined. */
  handler(path: string): CatalogHandler | undefined;
  /** All paths, for suggestions. */
  handlers(): Iterable<string>;
  /** All workflow types. */
  types(): Iterable<string>;
}
