import { describe, test } from 'vitest';
import type { Lifecycle } from '../../ports/index.ts';
import {
  type Case,
  type Subject,
  testAuditStore,
  testEventBus,
  testExecutionStore,
  testTimerStore,
  testWorkflowStore,
} from '../testing/index.ts';
import {
  createMemoryAuditStore,
  createMemoryEventBus,
  createMemoryExecutionStore,
  createMemoryTimerStore,
  createMemoryWorkflowStore,
} from './index.ts';

const groups: Record<string, Case[]> = {
  'workflow store': testWorkflowStore(inMemory(createMemoryWorkflowStore)),
  'execution store': testExecutionStore(inMemory(createMemoryExecutionStore)),
  'timer store': testTimerStore(inMemory(createMemoryTimerStore)),
  'audit store': testAuditStore(inMemory(createMemoryAuditStore)),
  'event bus': testEventBus(inMemory(createMemoryEventBus)),
};

for (const [name, cases] of Object.entries(groups)) {
  describe(`memory ${name}`, () => {
    for (const each of cases) test(each.name, each.run);
  });
}

function inMemory<T extends Lifecycle>(make: () => T): Subject<T> {
  return { place: async () => ({ make }) };
}
