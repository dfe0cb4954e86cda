import type { JsonObject, JsonValue } from '@vwmp/core';
import { useEffect, useMemo, useState } from 'react';
import type { Backend } from '../backend.ts';
import { read } from '../document/index.ts';
import { type Graph, type Handlers, makeGraph } from '../graph/index.ts';

/** The document of what is executed, and its graph; of steps without edges as long as the document is not there. */
export function useExecutionGraph(
  backend: Backend,
  id: string,
  steps: JsonObject | object | undefined,
): { graph: Graph | undefined; document: JsonValue | undefined } {
  const [found, setFound] = useState<{ graph: Graph; document: JsonValue }>();
  useEffect(() => {
    let wanted = true;
    void (async () => {
      const [text, handlers] = await Promise.all([
        backend.readExecutionDocument(id).catch(() => undefined),
        backend.listHandlers().catch(() => []),
      ]);
      const known: Handlers = new Map(handlers.map((handler) => [handler.path, handler]));
      if (!wanted || text === undefined) return;
      const { document } = read(text);
      setFound({ graph: makeGraph(document, known), document });
    })();
    return () => {
      wanted = false;
    };
  }, [backend, id]);
  const bare = useMemo(
    () => makeGraph({ steps: Object.keys(steps ?? {}).map((step) => ({ id: step })) }, new Map()),
    [steps],
  );
  return found ?? { graph: steps ? bare : undefined, document: undefined };
}
