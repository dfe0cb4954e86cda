// Apart from the rest, as it brings the compiler of expressions: the page loads it when it first checks a document.
import type { JsonObject, Problem } from '@vwmp/core';
import { type Source, validateWorkflow } from '@vwmp/core/language';
import type { HandlerDescription } from '../backend.ts';

/** Checks a document against the language and the handlers that there are. */
export function validate(
  source: Source,
  handlers: ReadonlyMap<string, HandlerDescription>,
  types: readonly string[],
): readonly Problem[] {
  return validateWorkflow(source, {
    handler: (path) => {
      const handler = handlers.get(path);
      if (!handler) return undefined;
      const { config, ports } = handler;
      if (typeof ports === 'function') return { config, ports: (given: JsonObject) => ports(given) };
      // What a server cannot tell is not held against the document.
      return { config, ports: ports ?? (path === 'core.switch' ? () => undefined : []) };
    },
    handlers: () => handlers.keys(),
    types: () => types,
  }).problems;
}
