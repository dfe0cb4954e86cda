import { createMemoryExecutionStore } from '@vwmp/core/memory';
import type { Append, ExecutionRecord, ExecutionStore, Message } from '@vwmp/core/ports';
import { describe } from 'vitest';
import { executionStoreSuite } from './execution-store/index.ts';
import { isRefusal, notices, patched } from './notices.ts';
import { collect } from './suite.ts';

type Break = (store: ExecutionStore) => Partial<ExecutionStore>;

/** Appends something else than what was given. */
const appending =
  (change: (append: Append) => Append): Break =>
  (store) => ({ append: (append) => store.append(change(append)) });

/** Changes nothing and reports no error where one of these was to be reported. */
const swallowing =
  (...codes: string[]): Break =>
  (store) => ({
    append: async (append) => {
      try {
        return await store.append(append);
      } catch (error) {
        if (!isRefusal(error, ...codes)) throw error;
        return [];
      }
    },
  });

const flaws: Record<string, [flaw: string, noticed: string, breakIt: Break][]> = {
  appends: [
    [
      'loses an append',
      'what was appended is read back',
      (store) => ({
        append: async (append) => (append.events.length === 3 ? [] : await store.append(append)),
      }),
    ],
    ['forgets to fence', 'shut out as soon as a later one', appending((append) => ({ ...append, epoch: 1 }))],
    ['takes any version', 'not based on the last event is refused', swallowing('VERSION_CONFLICT')],
    ['swallows that something is there', 'creating what is there is refused', swallowing('ALREADY_EXISTS')],
    [
      'calls everything a conflict',
      'creating what is there is refused',
      (store) => ({
        append: (append) =>
          store.append(append).catch((error) => {
            throw Object.assign(new Error('There is a conflict.'), error, { code: 'VERSION_CONFLICT' });
          }),
      }),
    ],
    [
      'reorders events',
      'what was appended is read back',
      (store) => ({
        async *events(id, after) {
          yield* (await collect(store.events(id, after))).reverse();
        },
      }),
    ],
    [
      'gives all events whatever was asked',
      'events are read from where one wants',
      (store) => ({ events: (id) => store.events(id) }),
    ],
    [
      'cuts large values',
      'large and deep ones',
      appending((append) => JSON.parse(JSON.stringify(append, (_, value) => cut(value, 100_000)))),
    ],
    [
      'loses characters that a database does not take',
      'no text is lost or changed',
      appending((append) => JSON.parse(JSON.stringify(append, (_, value) => without(value, '\0')))),
    ],
    [
      'does not tell ids apart that differ in case',
      'ids are kept apart',
      appending((append) => ({
        ...append,
        summary: { ...append.summary, id: append.summary.id.toLowerCase() },
      })),
    ],
    [
      'cuts ids',
      'ids are kept apart',
      appending((append) => ({
        ...append,
        summary: { ...append.summary, id: append.summary.id.slice(0, 255) },
      })),
    ],
    [
      'takes over a later document',
      'keep the document that they started with',
      (store) => {
        const documents = new Map<string, Append['document']>();
        return {
          append: (append) => {
            if (append.document) documents.set(append.summary.id, append.document);
            return store.append(append);
          },
          get: async (id) => {
            const record = await store.get(id);
            return record && { ...record, document: documents.get(id)! };
          },
        };
      },
    ],
    [
      'gives out what it keeps',
      'append: what was given in or out',
      (store) => {
        const records = new Map<string, ExecutionRecord>();
        return {
          get: async (id) => {
            const record = records.get(id) ?? structuredClone(await store.get(id));
            if (record) records.set(id, record);
            return record;
          },
        };
      },
    ],
  ],
  lists: [
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
      (filter): [string, string, Break] => [
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
        list: async (query) =>
          query?.q === '%' ? store.list({ ...query, q: undefined }) : store.list(query),
      }),
    ],
    [
      'seeks one word only',
      'found by words of their error',
      (store) => ({ list: (query) => store.list({ ...query, q: query?.q?.split(' ')[0] }) }),
    ],
  ],
  pruning: [
    [
      'prunes more than asked',
      'pruning goes in steps',
      (store) => ({ prune: (retention, now) => store.prune(retention, now, 1000) }),
    ],
    [
      'prunes regardless of age',
      'only completed executions are pruned, by age',
      (store) => ({
        prune: ({ max_age, ...retention }, now, batch) =>
          store.prune(max_age === undefined ? retention : { max_count: 0 }, now, batch),
      }),
    ],
    [
      'prunes without a limit',
      'not at all without a limit',
      (store) => ({
        prune: (retention, now, batch) => store.prune({ max_age: 0, ...retention }, now, batch),
      }),
    ],
    [
      'keeps a key of what was pruned',
      'takes along everything that belongs to it',
      (store) => {
        const found = new Map<string, Append['summary']>();
        return {
          append: (append) => {
            const key = append.origin?.idempotency_key;
            if (key !== undefined) found.set(`${append.summary.workflow_id} ${key}`, append.summary);
            return store.append(append);
          },
          findByKey: async (workflowId, key) => found.get(`${workflowId} ${key}`),
        };
      },
    ],
    [
      'keeps events of what was pruned',
      'takes along everything that belongs to it',
      (store) => {
        const kept = new Map<string, Append['events'][number][]>();
        return {
          append: (append) => {
            kept.set(append.summary.id, [...(kept.get(append.summary.id) ?? []), ...append.events]);
            return store.append(append);
          },
          async *events(id) {
            yield* kept.get(id) ?? [];
          },
        };
      },
    ],
  ],
  'what is ready': [
    [
      'ignores when something is to wake',
      'ready from then on and not a moment earlier',
      appending((append) => ({ ...append, wake_at: undefined })),
    ],
    [
      'forgets what has a time',
      'ready from then on and not a moment earlier',
      appending((append) => ({ ...append, wake_at: append.wake_at === undefined ? undefined : null })),
    ],
    [
      'gives more than asked',
      'never more than asked',
      (store) => ({ ready: (now) => store.ready(now, 1000) }),
    ],
    [
      'orders what is ready by id',
      'keep their order',
      (store) => ({ ready: async (now, limit) => (await store.ready(now, limit)).sort() }),
    ],
    [
      'takes out what it gives',
      'asking changes nothing',
      (store) => {
        const given = new Set<string>();
        return {
          ready: async (now, limit) => {
            const found = (await store.ready(now, limit)).filter((id) => !given.has(id));
            for (const id of found) given.add(id);
            return found;
          },
        };
      },
    ],
    [
      'trusts the clock of whoever asks',
      'ready at once, whatever a clock says',
      (store) => ({
        ready: async (now, limit) => (now < Date.now() - 60_000 ? [] : await store.ready(now, limit)),
      }),
    ],
    ['never says when', 'ready from then on', () => ({ nextReady: async () => undefined })],
    [
      'says a time for what waits for a message',
      'never ready by time',
      (store) => ({ nextReady: async () => (await store.nextReady()) ?? Date.now() + 1000 }),
    ],
    [
      'leaves the end of leases out of the next time',
      'the end of a lease is when something is ready next',
      (store) => ({
        nextReady: async () => {
          const next = await store.nextReady();
          return next !== undefined && next > Date.now() && next < Date.now() + 7_200_000 ? undefined : next;
        },
      }),
    ],
    [
      'counts the leases of idle workers',
      'the end of a lease is when something is ready next',
      (store) => {
        let end: number | undefined;
        return {
          heartbeat: (worker, ttl) => {
            end = Date.now() + ttl;
            return store.heartbeat(worker, ttl);
          },
          nextReady: async () => (await store.nextReady()) ?? end,
        };
      },
    ],
    [
      'does not hand back',
      'what is handed back is ready at once',
      appending((append) => ({ ...append, owner: append.owner ?? undefined })),
    ],
    [
      'tells nobody what became ready',
      'what is created without a time is ready',
      (store) => ({
        append: async (append) => {
          await store.append(append);
          return [];
        },
      }),
    ],
    [
      'tells of what is not ready',
      'what somebody owns is not ready',
      (store) => ({
        append: async (append) => {
          await store.append(append);
          return [{ execution_id: append.summary.id }];
        },
      }),
    ],
    [
      'keeps an owner beyond the end',
      'belongs to nobody and is never ready',
      (store) => ({
        get: async (id) => {
          const record = await store.get(id);
          return record?.completed_at === undefined ? record : { ...record, owner: 'w1' };
        },
      }),
    ],
  ],
  claims: [
    [
      'gives a claim to two',
      'exactly one gets it',
      (store) => ({
        claim: async (id, worker, now) => {
          const claimed = await store.claim(id, worker, now);
          const record = claimed ?? (await store.get(id));
          return record?.owner === undefined ? undefined : { ...record, owner: worker };
        },
      }),
    ],
    [
      'lets the one before go on after a claim',
      'shut out from the moment of the claim',
      (store) => ({
        append: async (append) => {
          const epoch = (await store.get(append.summary.id))?.epoch ?? 0;
          return await store.append({ ...append, epoch: Math.max(append.epoch, epoch) });
        },
      }),
    ],
    [
      'raises no epoch with a claim',
      'with a new epoch',
      (store) => ({
        claim: async (id, worker, now) => {
          const record = await store.claim(id, worker, now);
          return record && { ...record, epoch: record.epoch - 1 };
        },
      }),
    ],
    [
      'lets claim before the time',
      'what is not ready cannot be claimed',
      (store) => ({ claim: (id, worker) => store.claim(id, worker, Number.POSITIVE_INFINITY) }),
    ],
    [
      'lets claim without a lease',
      'a worker without a lease gets nothing',
      (store) => ({
        claim: async (id, worker, now) => {
          await store.heartbeat(worker, 60_000);
          return await store.claim(id, worker, now);
        },
      }),
    ],
    [
      'lets claim what has ended',
      'what is not ready cannot be claimed',
      (store) => ({
        claim: async (id, worker, now) =>
          (await store.claim(id, worker, now)) ??
          ((await store.get(id))?.completed_at ? await store.get(id) : undefined),
      }),
    ],
  ],
  leases: [
    [
      'lets no lease end',
      'ready once its lease has ended',
      (store) => ({ heartbeat: (worker, ttl) => store.heartbeat(worker, ttl * 1_000_000) }),
    ],
    [
      'renews no lease',
      'a lease that is renewed goes on',
      (store) => {
        const begun = new Set<string>();
        return {
          heartbeat: async (worker, ttl) => {
            if (!begun.has(worker)) await store.heartbeat(worker, ttl);
            begun.add(worker);
          },
        };
      },
    ],
    ['lets nobody retire', 'a worker that retires leaves', () => ({ retire: async () => undefined })],
    [
      'ends every lease with one',
      'touches no other',
      (store) => {
        const workers = new Set<string>();
        return {
          heartbeat: (worker, ttl) => {
            workers.add(worker);
            return store.heartbeat(worker, ttl);
          },
          retire: async () => {
            for (const worker of workers) await store.retire(worker);
          },
        };
      },
    ],
  ],
  messages: [
    [
      'loses what is posted during ownership',
      'is its mail',
      (store) => ({
        post: async (message) => {
          const owner = (await store.get(message.execution_id))?.owner;
          return owner === undefined ? store.post(message) : { execution_id: message.execution_id, owner };
        },
      }),
    ],
    [
      'keeps what was handled',
      'go with the append that handled them',
      appending((append) => ({ ...append, handled: [] })),
    ],
    [
      'handles with an append that is refused',
      'an append that is refused handles nothing',
      (store) => {
        const gone = new Set<string>();
        return {
          append: (append) => {
            for (const id of append.handled ?? []) gone.add(id);
            return store.append(append);
          },
          messages: async (id) => (await store.messages(id)).filter((message) => !gone.has(message.id)),
        };
      },
    ],
    [
      'handles what others were sent',
      'go with the append that handled them',
      (store) => {
        const gone = new Set<string>();
        return {
          append: async (append) => {
            const woken = await store.append(append);
            for (const id of append.handled ?? []) gone.add(id);
            return woken;
          },
          messages: async (id) => (await store.messages(id)).filter((message) => !gone.has(message.id)),
        };
      },
    ],
    [
      'orders messages by id',
      'in the order of arrival',
      (store) => ({
        messages: async (id) => (await store.messages(id)).sort((a, b) => (a.id < b.id ? -1 : 1)),
      }),
    ],
    [
      'keeps a message twice',
      'is there once, however often',
      (store) => {
        let n = 0;
        return {
          post: (message) => store.post({ ...message, id: `${message.id}#${++n}` }),
          messages: async (id) =>
            (await store.messages(id)).map((message) => ({ ...message, id: message.id.split('#')[0]! })),
        };
      },
    ],
    [
      'replaces a message that waits',
      'is there once, however often',
      (store) => {
        const last = new Map<string, Message>();
        return {
          post: (message) => {
            last.set(message.id, message);
            return store.post(message);
          },
          messages: async (id) => (await store.messages(id)).map((message) => last.get(message.id)!),
        };
      },
    ],
    [
      'sleeps through messages',
      'a message wakes what waits for one',
      (store) => ({
        ready: async (now, limit) => {
          const ids = await store.ready(now, limit);
          const waiting = await Promise.all(ids.map((id) => store.messages(id)));
          return ids.filter((_, n) => waiting[n]!.length === 0);
        },
      }),
    ],
    [
      'lets an inbox grow without end',
      'an inbox that is full',
      (store) => ({
        post: (message) =>
          store.post(message).catch((error) => {
            if (!isRefusal(error, 'INBOX_FULL')) throw error;
            return { execution_id: message.execution_id };
          }),
      }),
    ],
    [
      'takes messages for what has ended',
      'there is nobody to post to',
      (store) => ({
        post: (message) =>
          store.post(message).catch((error) => {
            if (!isRefusal(error, 'EXECUTION_NOT_ACTIVE')) throw error;
            return { execution_id: message.execution_id };
          }),
      }),
    ],
    [
      'names an owner that is gone',
      'to what an owner left behind names nobody',
      (store) => ({
        post: async (message) => {
          const owner = (await store.get(message.execution_id))?.owner;
          return { ...(await store.post(message)), ...(owner !== undefined && { owner }) };
        },
      }),
    ],
    ['knows no mail', 'is its mail', () => ({ mail: async () => [] })],
    [
      'keeps messages beyond the end',
      'takes its messages with it',
      (store) => {
        const sent: Message[] = [];
        return {
          post: (message) => {
            sent.push(message);
            return store.post(message);
          },
          messages: async (id) => sent.filter((message) => message.execution_id === id),
        };
      },
    ],
    [
      'drops what is posted along to what somebody owns',
      'reaches owned, unowned and abandoned ones',
      (store) => ({
        append: async ({ messages = [], ...append }) => {
          const records = await Promise.all(messages.map((message) => store.get(message.execution_id)));
          const kept = messages.filter((_, n) => records[n]?.owner === undefined);
          return await store.append({ ...append, messages: kept });
        },
      }),
    ],
    [
      'posts along with an append that is refused',
      'an append that is refused posts nothing',
      (store) => ({
        append: async ({ messages = [], ...append }) => {
          for (const message of messages) await store.post(message);
          return await store.append(append);
        },
      }),
    ],
    [
      'fails when somebody is not there to be told',
      'is dropped, the rest is not',
      (store) => ({
        append: async ({ messages = [], ...append }) => {
          const woken = await store.append(append);
          try {
            for (const message of messages) await store.post(message);
          } catch {
            return woken;
          }
          return woken;
        },
      }),
    ],
    [
      'has no room for what executions send each other',
      'an inbox that is full takes no more from outside',
      (store) => ({
        append: async ({ messages = [], ...append }) => {
          const fits = await Promise.all(
            messages.map(async ({ execution_id }) => (await store.messages(execution_id)).length < 10_000),
          );
          return await store.append({ ...append, messages: messages.filter((_, n) => fits[n]) });
        },
      }),
    ],
  ],
  'concurrency keys': [
    [
      'ignores limits',
      'those above the limit wait',
      appending((append) => ({ ...append, origin: { ...append.origin, concurrency: undefined } })),
    ],
    [
      'lets one too many through',
      'as many run at a time as the limit says',
      appending((append) => withLimit(append, 1)),
    ],
    [
      'never calls the next one',
      'those above the limit wait',
      (store) => ({
        append: (append) =>
          store.append(
            append.summary.completed_at
              ? { ...append, summary: { ...append.summary, completed_at: undefined } }
              : append,
          ),
      }),
    ],
    [
      'lets skip wait',
      'nothing is created above the limit',
      appending(({ origin, ...append }) => {
        const concurrency = origin?.concurrency && { ...origin.concurrency, policy: 'queue' as const };
        return { ...append, origin: origin && { ...origin, ...(concurrency && { concurrency }) } };
      }),
    ],
    [
      'forgets what was claimed and has not begun',
      'those above the limit wait',
      (store) => ({
        claim: async (id, worker, now) => {
          const claimed = await store.claim(id, worker, now);
          if (claimed) return claimed;
          const record = await store.get(id);
          return record?.status === 'pending' ? { ...record, owner: worker } : undefined;
        },
      }),
    ],
  ],
  'idempotency keys': [
    [
      'ignores keys',
      'a key creates one execution',
      appending((append) => ({ ...append, origin: { ...append.origin, idempotency_key: undefined } })),
    ],
    [
      'does not say which execution has a key',
      'a key creates one execution',
      (store) => ({
        append: (append) =>
          store.append(append).catch((error) => {
            throw Object.assign(error, { details: undefined });
          }),
      }),
    ],
    [
      'does not tell keys of workflows apart',
      'a key of another workflow is another key',
      (store) => {
        const keys = new Set<string>();
        return {
          append: async (append) => {
            const key = append.origin?.idempotency_key;
            if (key !== undefined && keys.has(key)) {
              const message = 'There is one with this key.';
              throw Object.assign(new Error(message), {
                code: 'ALREADY_EXISTS',
                details: { execution_id: 'e1' },
              });
            }
            if (key !== undefined) keys.add(key);
            return await store.append(append);
          },
        };
      },
    ],
    [
      'frees a key at the end',
      'until it is pruned',
      (store) => {
        const ended = new Set<string>();
        return {
          append: (append) => {
            if (append.summary.completed_at) ended.add(append.summary.id);
            return store.append(append);
          },
          findByKey: async (workflowId, key) => {
            const found = await store.findByKey(workflowId, key);
            return found && ended.has(found.id) ? undefined : found;
          },
        };
      },
    ],
    [
      'shows how it was when it was created',
      'found by its key, as it stands',
      (store) => {
        const first = new Map<string, Append['summary']>();
        return {
          append: (append) => {
            if (append.expected_seq === 0) first.set(append.summary.id, append.summary);
            return store.append(append);
          },
          findByKey: async (workflowId, key) => {
            const found = await store.findByKey(workflowId, key);
            return found && first.get(found.id);
          },
        };
      },
    ],
  ],
  lifecycle: [
    ['answers after close', 'get after close', () => ({ get: async () => undefined })],
    ['answers before open', 'heartbeat before open', () => ({ heartbeat: async () => undefined })],
    [
      'opens again after close',
      'close is for good',
      (store) => ({ open: () => store.open().catch(() => undefined) }),
    ],
  ],
};

for (const [group, entries] of Object.entries(flaws)) {
  describe(group, () => {
    for (const [flaw, noticed, breakIt] of entries) {
      const make = () => patched(createMemoryExecutionStore(), breakIt);
      notices(flaw, noticed, executionStoreSuite({ patience: 500, place: async () => ({ make }) }));
    }
  });
}

function cut(value: unknown, length: number): unknown {
  return typeof value === 'string' ? value.slice(0, length) : value;
}

function without(value: unknown, character: string): unknown {
  return typeof value === 'string' ? value.replaceAll(character, '') : value;
}

function withLimit({ origin, ...append }: Append, more: number): Append {
  const { concurrency } = origin ?? {};
  if (!concurrency) return { ...append, origin };
  return {
    ...append,
    origin: { ...origin, concurrency: { ...concurrency, limit: concurrency.limit + more } },
  };
}
