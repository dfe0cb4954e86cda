/** How well something is. `broken` makes the command end with 1. */
export type Verdict = 'ok' | 'note' | 'warning' | 'broken';

/** What was found out about one thing. */
export interface Finding {
  area: 'machine' | 'project' | 'packages' | 'database' | 'queue' | 'work';
  verdict: Verdict;
  /** What is, in a few words. */
  title: string;
  /** What to do about it. */
  advice?: string;
}

/** The finding for something that could not be looked at. */
export function failure(area: Finding['area'], what: string, error: unknown, advice?: string): Finding {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const coded = typeof code === 'string' ? `${code} ` : '';
  const title = `${what}: ${coded}${typeof message === 'string' ? message : String(error)}`;
  return { area, verdict: 'broken', title, ...(advice !== undefined && { advice }) };
}
