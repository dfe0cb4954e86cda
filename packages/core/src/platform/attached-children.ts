import type { ExecutionStore } from '../ports/execution-store.ts';

/** Children that are to end with an execution, and have not ended. Whoever worked on it before may have started some that nothing tells of. */
export async function attachedChildren(store: ExecutionStore, id: string): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({
      ...{ parent_id: id, status: ['pending', 'running', 'waiting'], limit: 500 },
      ...(cursor && { cursor }),
    });
    for (const child of page.results) {
      if ((await store.get(child.id))?.origin?.parent?.attached) found.push(child.id);
    }
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found;
}
