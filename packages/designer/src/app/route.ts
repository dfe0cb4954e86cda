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

/**
 * Changes the query. It is a step in the history of the browser, so that its way back leads to the query before; none
 * where it is the same already.
 */
export function setQuery(change: Record<string, string | undefined>, state: unknown = null): void {
  const href = hrefWith(change);
  if (href === hrefWith({})) return;
  history.pushState(state, '', href);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Changes the query in place of the one that is there: nobody wants to go back letter by letter. */
export function replaceQuery(change: Record<string, string | undefined>): void {
  history.replaceState(null, '', hrefWith(change));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Goes to another place in place of this one, which no way back leads to. */
export function replaceRoute(path: readonly string[]): void {
  history.replaceState(null, '', hrefOf(path));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/**
 * Ends what `setQuery` began with a state: by the way back, so that the next one does not lead to the same place. Where it was
 * not begun like that, as by a link, the query is changed.
 */
export function endQuery(change: Record<string, undefined>, state: unknown): void {
  if (history.state === state) history.back();
  else replaceQuery(change);
}

function hrefWith(change: Record<string, string | undefined>): string {
  const { path, query } = getRoute();
  return hrefOf(path, { ...Object.fromEntries(query), ...change });
}
