import { createMemoryExecutionStore, createMemoryWorkflowStore } from '@vwmp/core/memory';
import type { ExecutionStore, WorkflowStore } from '@vwmp/core/ports';
import { expect, test } from 'vitest';
import { executionStoreSuite } from './execution-store/index.ts';
import type { Case } from './suite.ts';
import { workflowStoreSuite } from './workflow-store.ts';

/** Adapters that are broken on purpose: a suite that passes them proves nothing. */
const broken: Record<string, Case[]> = {
  'forgets to fence': executions((store) => ({
    append: (append) => store.append({ ...append, epoch: 1 }),
  })),
  'takes any version': executions((store) => ({
    append: async (append) => {
      return await store.append(append).catch((error) => {
        if (error.code !== 'VERSION_CONFLICT') throw error;
        return [];
      });
    },
  })),
  'lists the oldest first': executions((store) => ({
    list: async (query) => {
      const page = await store.list(query);
      return { ...page, results: page.results.reverse() };
    },
  })),
  'counts the page and not all': executions((store) => ({
    list: async (query) => {
      const page = await store.list(query);
      return { ...page, count: page.results.length };
    },
  })),
  'gives all events whatever was asked': executions((store) => ({ events: (id) => store.events(id) })),
  'prunes more than asked': executions((store) => ({
    prune: (retention, now) => store.prune(retention, now, 1000),
  })),
  'answers after close': executions(() => ({ get: async () => undefined })),
  'saves over anything': workflows((store) => ({
    save: async (draft) => store.save(draft, (await store.get(draft.id))?.rev),
  })),
  'trims the text': workflows((store) => ({
    save: (draft, rev) => store.save({ ...draft, text: draft.text.trim() }, rev),
  })),
};

for (const [name, cases] of Object.entries(broken)) {
  test(`the suite notices an adapter that ${name}`, async () => {
    const outcomes = await Promise.allSettled(cases.map(({ run }) => run()));
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });
}

function executions(breakIt: (store: ExecutionStore) => Partial<ExecutionStore>): Case[] {
  return executionStoreSuite({
    place: async () => ({ make: () => patched(createMemoryExecutionStore(), breakIt) }),
  });
}

function workflows(breakIt: (store: WorkflowStore) => Partial<WorkflowStore>): Case[] {
  return workflowStoreSuite({
    place: async () => ({ make: () => patched(createMemoryWorkflowStore(), breakIt) }),
  });
}

function patched<T extends object>(store: T, breakIt: (store: T) => Partial<T>): T {
  return { ...store, ...breakIt(store) };
}
