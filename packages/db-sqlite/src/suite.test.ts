import { testStorage } from '@vwmp/adapter-tests';
import { drivers } from './testing/drivers.ts';
import { sqlitePlace } from './testing/place.ts';

for (const driver of drivers)
  testStorage(`SQLite by ${driver}`, {
    durable: true,
    maintenance: true,
    place: async () => sqlitePlace({ driver }),
  });
