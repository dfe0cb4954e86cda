import { type Flaw, noticesAll } from './flaws.ts';

noticesAll([
  [
    'lists the oldest first',
    'the newest come first',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.toReversed() };
      },
    }),
  ],
  [
    'counts the page and not all',
    'the newest come first',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, count: page.results.length };
      },
    }),
  ],
  [
    'pages by counting',
    'the newest come first',
    (store) => ({
      list: async ({ limit = 50, cursor = '0', ...query } = {}) => {
        const { results, count } = await store.list({ ...query, limit: 500 });
        const end = Number(cursor) + limit;
        const next_cursor = end < results.length ? String(end) : undefined;
        return { results: results.slice(Number(cursor), end), count, next_cursor };
      },
    }),
  ],
  ...(['workflow_id', 'status', 'started_after', 'parent_id', 'concurrency_key', 'q'] as const).map(
    (filter): Flaw => [
      `ignores ${filter}`,
      {
        ...{ workflow_id: 'by workflow, status and time', status: 'by workflow, status and time' },
        ...{ started_after: 'by workflow, status and time', parent_id: 'by parent and by concurrency' },
        ...{ concurrency_key: 'by parent and by concurrency', q: 'by the beginning of their id' },
      }[filter],
      (store) => ({ list: (query) => store.list({ ...query, [filter]: undefined }) }),
    ],
  ),
  [
    'takes what is sought for a pattern',
    'by the beginning of their id',
    (store) => ({
      list: async (query) => (query?.q === '%' ? store.list({ ...query, q: undefined }) : store.list(query)),
    }),
  ],
  [
    'seeks one word only',
    'found by words of their error',
    (store) => ({ list: (query) => store.list({ ...query, q: query?.q?.split(' ')[0] }) }),
  ],
]);
