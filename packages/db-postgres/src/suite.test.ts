import { testEventBus, testStorage } from '@vwmp/adapter-tests';
import { createPostgresEventBus } from './bus/event-bus.ts';
import { postgresPlace, temporaryDatabase } from './testing/place.ts';

testStorage('PostgreSQL', { durable: true, maintenance: true, place: () => postgresPlace() });

testEventBus('LISTEN and NOTIFY', {
  durable: true,
  async place() {
    const { url, drop } = await temporaryDatabase();
    return { make: () => createPostgresEventBus({ url }), dispose: drop };
  },
});
