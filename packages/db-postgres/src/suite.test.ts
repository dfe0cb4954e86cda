import { testStorage } from '@vwmp/adapter-tests';
import { postgresPlace } from './testing/place.ts';

testStorage('PostgreSQL', { durable: true, maintenance: true, place: () => postgresPlace() });
