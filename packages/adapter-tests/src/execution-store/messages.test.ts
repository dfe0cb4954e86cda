import type { Message } from '@vwmp/core/ports';
import { isRefusal } from '../notices.ts';
import { appending, noticesAll } from './flaws.ts';

noticesAll([
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
]);
