const key = 'vwmp.recent-handlers';
const most = 4;

/** Handlers that were added lately, newest first. */
export function recentHandlers(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function rememberHandler(path: string): void {
  try {
    const now = [path, ...recentHandlers().filter((each) => each !== path)].slice(0, most);
    localStorage.setItem(key, JSON.stringify(now));
  } catch {
    // A browser that keeps nothing has no recent handlers.
  }
}
