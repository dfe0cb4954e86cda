import { writeFile } from 'node:fs/promises';
import type { Maintenance, Storage } from '@vwmp/core/ports';
import { maintenanceSuite } from './maintenance.ts';
import { notices, patched } from './notices.ts';
import { recordedPlace } from './recorded-storage.ts';
import { register } from './register.ts';
import type { Case } from './suite.ts';

register('maintenance', suite(), {});

const flaws: [flaw: string, noticed: string, breakIt: (whole: Maintenance) => Partial<Maintenance>][] = [
  [
    'migrates when it is asked for its status',
    'it migrates when told to',
    (whole) => ({
      status: async () => {
        await whole.migrate();
        return await whole.status();
      },
    }),
  ],
  [
    'migrates again and again',
    'it migrates when told to',
    (whole) => ({
      migrate: async () => {
        await whole.migrate();
        return ['0001'];
      },
    }),
  ],
  [
    'finds something wrong with what is well',
    'what is well is found well',
    () => ({ check: async () => ['Something is odd.'] }),
  ],
  [
    'does not know how large it is',
    'tables tell how many rows',
    () => ({ tables: async () => [{ name: 'calls', rows: 1 }] }),
  ],
  [
    'overwrites with a backup',
    'a backup is a new file',
    () => ({ backup: (path) => writeFile(path, 'backup') }),
  ],
  [
    'loses the last row of a batch',
    'comes in batches',
    (whole) => ({
      exportRows: async (table, after, limit) => {
        const batch = await whole.exportRows(table, after, limit);
        return { ...batch, rows: batch.rows.slice(0, Math.max(limit - 1, 1)) };
      },
    }),
  ],
  [
    'imports nothing',
    'what was exported and imported is the same',
    () => ({ importRows: async () => undefined }),
  ],
  [
    'imports some rows and fails then',
    'all or none',
    (whole) => ({
      importRows: async (table, rows) => {
        for (const row of rows) await whole.importRows(table, [row]);
      },
    }),
  ],
  ['opens half a copy', 'a copy that is not complete', () => ({ importing: async () => undefined })],
  ['exports any table', 'a table that is not there', () => ({ exportRows: async () => ({ rows: [] }) })],
];

for (const [flaw, noticed, breakIt] of flaws) notices(flaw, noticed, suite(breakIt));

function suite(breakIt: (whole: Maintenance) => Partial<Maintenance> = () => ({})): Case[] {
  return maintenanceSuite({
    ...{ durable: true, maintenance: true },
    async place() {
      const { make } = await recordedPlace();
      const broken = (storage: Storage): Storage => ({
        ...storage,
        maintenance: patched(storage.maintenance!, breakIt),
      });
      return { make: () => broken(make()) };
    },
  });
}
