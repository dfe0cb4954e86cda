import type { AuditStore, EventBus, ExecutionStore, TimerStore, WorkflowStore } from '../../ports/index.ts';
import { auditStoreCases } from './audit-store.ts';
import { eventBusCases } from './event-bus.ts';
import { executionListCases } from './execution-list.ts';
import { executionStoreCases } from './execution-store.ts';
import { lifecycleCases } from './lifecycle.ts';
import { creation, draftOf, second } from './samples.ts';
import { type Case, collect, type Subject } from './suite.ts';
import { timerStoreCases } from './timer-store.ts';
import { workflowStoreCases } from './workflow-store.ts';

export type { Case, Subject } from './suite.ts';

/** Everything that a {@link WorkflowStore} has to pass. */
export function testWorkflowStore(subject: Subject<WorkflowStore>): Case[] {
  const uses = {
    get: (store: WorkflowStore) => store.get('w1'),
    list: (store: WorkflowStore) => store.list(),
    save: (store: WorkflowStore) => store.save(draftOf('w1'), undefined),
    remove: (store: WorkflowStore) => store.remove('w1', 'rev'),
    versions: (store: WorkflowStore) => store.versions('w1'),
  };
  return [...workflowStoreCases(subject), ...lifecycleCases(subject, uses)];
}

/** Everything that an {@link ExecutionStore} has to pass. */
export function testExecutionStore(subject: Subject<ExecutionStore>): Case[] {
  const uses = {
    append: (store: ExecutionStore) => store.append(creation('e1')),
    get: (store: ExecutionStore) => store.get('e1'),
    events: (store: ExecutionStore) => collect(store.events('e1')),
    list: (store: ExecutionStore) => store.list(),
    prune: (store: ExecutionStore) => store.prune({}, 0, 1),
  };
  return [...executionStoreCases(subject), ...executionListCases(subject), ...lifecycleCases(subject, uses)];
}

/** Everything that a {@link TimerStore} has to pass. */
export function testTimerStore(subject: Subject<TimerStore>): Case[] {
  const uses = {
    set: (store: TimerStore) => store.set({ execution_id: 'e1', key: 'k', at: second(1) }),
    clear: (store: TimerStore) => store.clear('e1'),
    claim: (store: TimerStore) => store.claim(0, 1, 1),
    next: (store: TimerStore) => store.next(),
  };
  return [...timerStoreCases(subject), ...lifecycleCases(subject, uses)];
}

/** Everything that an {@link AuditStore} has to pass. */
export function testAuditStore(subject: Subject<AuditStore>): Case[] {
  const uses = {
    add: (store: AuditStore) => store.add({ at: second(1), actor: 'a', action: 'b', subject: 'c' }),
    list: (store: AuditStore) => store.list(),
  };
  return [...auditStoreCases(subject), ...lifecycleCases(subject, uses)];
}

/** Everything that an {@link EventBus} has to pass. */
export function testEventBus(subject: Subject<EventBus>): Case[] {
  const uses = {
    publish: (bus: EventBus) => bus.publish(creation('e1').events[0]!),
    subscribe: (bus: EventBus) => bus.subscribe('e1', () => {}),
  };
  return [...eventBusCases(subject), ...lifecycleCases(subject, uses)];
}
