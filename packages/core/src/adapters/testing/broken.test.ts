import { expect, test } from 'vitest';
import type { ExecutionStore, TimerStore, WorkflowStore } from '../../ports/index.ts';
import {
  createMemoryExecutionStore,
  createMemoryTimerStore,
  createMemoryWorkflowStore,
} from '../memory/index.ts';
import { type Case, testExecutionStore, testTimerStore, testWorkflowStore } from './index.ts';

/** Adapters that are broken on purpose: a suite that passes them proves nothing. */
const broken: Record<string, Case[]> = {
  'forgets to fence': executions((store) => ({
    append: (append) => store.append({ ...append, epoch: 1 }),
  })),
  'takes any version': executions((store) => ({
    append: async (append) => {
      await store.append(append).catch((error) => {
        if (error.code !== 'VERSION_CONFLICT') throw error;
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
  'gives a timer to everyone': timers((store) => ({
    claim: (now, limit) => store.claim(now, limit, 0),
  })),
  'keeps a timer that was cleared': timers(() => ({ clear: async () => undefined })),
};

for (const [name, cases] of Object.entries(broken)) {
  test(`the suite notices an adapter that ${name}`, async () => {
    const outcomes = await Promise.allSettled(cases.map(({ run }) => run()));
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });
}

function executions(breakIt: (store: ExecutionStore) => Partial<ExecutionStore>): Case[] {
  return testExecutionStore({
    place: async () => ({ make: () => patched(createMemoryExecutionStore(), breakIt) }),
  });
}

function workflows(breakIt: (store: WorkflowStore) => Partial<WorkflowStore>): Case[] {
  return testWorkflowStore({
    place: async () => ({ make: () => patched(createMemoryWorkflowStore(), breakIt) }),
  });
}

function timers(breakIt: (store: TimerStore) => Partial<TimerStore>): Case[] {
  return testTimerStore({ place: async () => ({ make: () => patched(createMemoryTimerStore(), breakIt) }) });
}

function patched<T extends object>(store: T, breakIt: (store: T) => Partial<T>): T {
  return { ...store, ...breakIt(store) };
}
