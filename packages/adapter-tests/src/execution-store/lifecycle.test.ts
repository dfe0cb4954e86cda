import { noticesAll } from './flaws.ts';

noticesAll([
  ['answers after close', 'get after close', () => ({ get: async () => undefined })],
  ['answers before open', 'heartbeat before open', () => ({ heartbeat: async () => undefined })],
  [
    'opens again after close',
    'close is for good',
    (store) => ({ open: () => store.open().catch(() => undefined) }),
  ],
]);
