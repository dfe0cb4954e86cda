import type { JsonObject } from '@vwmp/core';
import { useEffect, useMemo, useState } from 'react';
import type { Backend } from '../backend.ts';
import { read } from '../document/index.ts';
import { type Handlers, makeGraph } from '../graph/index.ts';

/** The graph of what is executed; of steps without edges as long as the document is not there. */
export function useExecutionGraph(
  backend: Backend,
  id: string,
  steps: JsonObject | object | undefined,
): ReturnType<typeof makeGraph> | undefined {
  const [found, setFound] = useState<ReturnType<typeof makeGraph>>();
  useEffect(() => {
    let wanted = true;
    void (async () => {
      const [text, handlers] = await Promise.all([
        backend.readExecutionDocument(id).catch(() => undefined),
        backend.listHandlers().catch(() => []),
      ]);
      const known: Handlers = new Map(handlers.map((handler) => [handler.path, handler]));
      if (wanted && text !== undefined) setFound(makeGraph(read(text).document, known));
    })();
    return () => {
      wanted = false;
    };
  }, [backend, id]);
  const bare = useMemo(
    () => makeGraph({ steps: Object.keys(steps ?? {}).map((step) => ({ id: step })) }, new Map()),
    [steps],
  );
  return found ?? (steps ? bare : undefined);
}
