import { createMemoryEventBus, createMemoryExecutionStore, createMemoryStorage } from '@vwmp/core/memory';
import { testEventBus, testExecutionStore, testStorage } from './index.ts';

testStorage('memory', { place: async () => ({ make: createMemoryStorage }) });
testExecutionStore('memory execution store alone', {
  place: async () => ({ make: createMemoryExecutionStore }),
});
testEventBus('memory event bus', { place: async () => ({ make: createMemoryEventBus }) });
