import type { Append, ExecutionRecord } from '@vwmp/core/ports';
import { collect } from '../suite.ts';
import { appending, noticesAll, swallowing } from './flaws.ts';

noticesAll([
  [
    'loses an append',
    'what was appended is read back',
    (store) => ({
      append: async (append) => (append.events.length === 3 ? [] : await store.append(append)),
    }),
  ],
  [
    'forgets the trace context',
    'given when it was created stays for good',
    appending(({ origin, ...append }) =>
      origin ? { ...append, origin: { ...origin, traceparent: undefined } as never } : append,
    ),
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
]);

function cut(value: unknown, length: number): unknown {
  return typeof value === 'string' ? value.slice(0, length) : value;
}

function without(value: unknown, character: string): unknown {
  return typeof value === 'string' ? value.replaceAll(character, '') : value;
}
