import { testStorage } from '@vwmp/adapter-tests';
import { sqlitePlace } from './testing/place.ts';

testStorage('SQLite', { durable: true, maintenance: true, place: async () => sqlitePlace() });
