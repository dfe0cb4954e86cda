import { createMemoryScheduleStore, createMemoryStorage } from '@vwmp/core/memory';
import type { Storage } from '@vwmp/core/ports';
import { noticesAll } from './notices.ts';
import { storageSuites } from './storage.ts';

noticesAll<Storage>(createMemoryStorage, (subject) => storageSuites(subject).storage!, [
  [
    'opens each store by itself',
    'opening any store opens all',
    () => ({ schedules: createMemoryScheduleStore() }),
  ],
  [
    'leaves a store open',
    'closing any store closes all',
    (storage) => {
      const schedules = createMemoryScheduleStore();
      const open = () => Promise.all([storage.open(), schedules.open()]).then(() => undefined);
      return { schedules, open };
    },
  ],
  ['is there when it is not', 'ping before open', () => ({ ping: async () => undefined })],
]);

noticesAll<Storage>(createMemoryStorage, (subject) => storageSuites(subject).maintenance!, [
  [
    'maintains what it does not declare',
    'there is nothing to maintain',
    () => ({ maintenance: {} as Storage['maintenance'] }),
  ],
]);
