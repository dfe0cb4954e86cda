import type { ExecutionStore } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from '../lifecycle.ts';
import { creation } from '../samples.ts';
import { type Case, collect, type Subject } from '../suite.ts';
import { appendCases } from './append.ts';
import { claimCases } from './claim.ts';
import { concurrencyCases } from './concurrency.ts';
import { exchangeCases } from './exchange.ts';
import { idempotencyCases } from './idempotency.ts';
import { leaseCases } from './lease.ts';
import { listCases } from './list.ts';
import { messageCases } from './messages.ts';
import { pruneCases } from './prune.ts';
import { readyCases } from './ready.ts';
import { message } from './situations.ts';

/** Everything that an {@link ExecutionStore} has to pass. */
export function executionStoreSuite(subject: Subject<ExecutionStore>): Case[] {
  const uses: Uses<ExecutionStore> = {
    append: (store) => store.append(creation('e1')),
    get: (store) => store.get('e1'),
    events: (store) => collect(store.events('e1')),
    list: (store) => store.list(),
    prune: (store) => store.prune({}, 0, 1),
    findByKey: (store) => store.findByKey('sample', 'k'),
    heartbeat: (store) => store.heartbeat('w1', 1000),
    retire: (store) => store.retire('w1'),
    ready: (store) => store.ready(Date.now(), 1),
    nextReady: (store) => store.nextReady(),
    claim: (store) => store.claim('e1', 'w1', Date.now()),
    post: (store) => store.post(message('m1', 'e1')),
    messages: (store) => store.messages('e1'),
    mail: (store) => store.mail('w1'),
  };
  const groups = {
    append: appendCases(subject),
    list: listCases(subject),
    prune: pruneCases(subject),
    ready: readyCases(subject),
    claim: claimCases(subject),
    lease: leaseCases(subject),
    messages: messageCases(subject),
    exchange: exchangeCases(subject),
    concurrency: concurrencyCases(subject),
    idempotency: idempotencyCases(subject),
    lifecycle: lifecycleCases(subject, uses),
  };
  return Object.entries(groups).flatMap(([group, cases]) =>
    cases.map((each) => ({ ...each, name: `${group}: ${each.name}` })),
  );
}
