import {
  createMemoryAuditStore,
  createMemoryEventBus,
  createMemoryExecutionStore,
  createMemoryWorkflowStore,
} from '@vwmp/core/memory';
import type { Lifecycle } from '@vwmp/core/ports';
import {
  type Subject,
  testAuditStore,
  testEventBus,
  testExecutionStore,
  testWorkflowStore,
} from './index.ts';

testWorkflowStore('memory workflow store', inMemory(createMemoryWorkflowStore));
testExecutionStore('memory execution store', inMemory(createMemoryExecutionStore));
testAuditStore('memory audit store', inMemory(createMemoryAuditStore));
testEventBus('memory event bus', inMemory(createMemoryEventBus));

function inMemory<T extends Lifecycle>(make: () => T): Subject<T> {
  return { place: async () => ({ make }) };
}
