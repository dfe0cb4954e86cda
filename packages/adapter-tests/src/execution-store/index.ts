import type { ExecutionStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from '../lifecycle.ts';
import { creation } from '../samples.ts';
import { type Case, collect, type Subject } from '../suite.ts';
import { appendCases } from './append.ts';
import { listCases } from './list.ts';

/** Everything that an {@link ExecutionStore} has to pass. */
export function executionStoreSuite(subject: Subject<ExecutionStore>): Case[] {
  const uses: Uses<ExecutionStore> = {
    append: (store) => store.append(creation('e1')),
    get: (store) => store.get('e1'),
    events: (store) => collect(store.events('e1')),
    list: (store) => store.list(),
    prune: (store) => store.prune({}, 0, 1),
  };
  return [...appendCases(subject), ...listCases(subject), ...lifecycleCases(subject, uses)];
}
