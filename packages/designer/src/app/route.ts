/**
 * Where the reader is: the part of the address behind `#`, so that the page works below any path and without a server.
 * Filters of lists stand in it too: a link shows the same list to someone else.
 */
export interface Route {
  /** Such as `['executions', 'id']`. */
  path: readonly string[];
  query: URLSearchParams;
}

let known: { hash: string; route: Route } | undefined;

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place in the page. */
export function hrefOf(path: readonly string[], query: Record<string, string | undefined> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(given).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

/** Where the reader is now; the same object as long as that is the same. */
export function getRoute(): Route {
  const { hash } = location;
  if (known?.hash !== hash) known = { hash, route: readRoute(hash) };
  return known.route;
}

export function go(path: readonly string[], query?: Record<string, string | undefined>): void {
  location.hash = hrefOf(path, query);
}

/** Changes the query and stays where it is, without a step in the history of the browser. */
export function setQuery(change: Record<string, string | undefined>): void {
  const { path, query } = getRoute();
  const next = { ...Object.fromEntries(query), ...change };
  history.replaceState(null, '', hrefOf(path, next));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
