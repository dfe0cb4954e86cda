import { testQueueBackend } from '@vwmp/adapter-tests';
import { memoryPlace } from '../test/place.ts';

testQueueBackend('memory queue', { place: async () => memoryPlace() });
testQueueBackend('memory queue with a bound', { bound: 300, place: async () => memoryPlace({ limit: 300 }) });
testQueueBackend('memory queue in sync mode', { sync: true, place: async () => memoryPlace({ sync: true }) });
