import { writeFileSync } from 'node:fs';
import type { StoredEvent } from '@vwmp/core';
import { attend } from './attend.ts';
import { type CrashArguments, type CrashReport, caseOf, crashCases } from './crash-plan.ts';
import { argument, finish, logger, say } from './in-child.ts';
import { makePlatform } from './place.ts';
import { eventsOf, idsOf } from './read.ts';
import { createTracedPlugin } from './traced.ts';

/** What has not ended by then never will, in milliseconds; the parent sees it. */
const timeout = 200_000;

// Finds what the first process left, and carries all of it on to its end.
const { place, calls, report } = argument<CrashArguments>();
const platform = await makePlatform(place, {
  ...{ logger, plugins: [await createTracedPlugin(calls, 'second')] },
  worker: { lease: 500, concurrency: 64 },
});
const { storage } = platform;
await storage.open();
const found = new Map<string, StoredEvent[]>();
for (const id of await idsOf(storage)) found.set(id, await eventsOf(storage, id));

await platform.open();
const executions = await Promise.all(
  [...found].map(async ([id, before]) => {
    const each = crashCases.get(caseOf(id));
    if (each) await attend(platform, id, each);
    const execution = await platform.wait(id, { timeout });
    return { execution, events: await eventsOf(storage, id), found: before };
  }),
);
// Children that were started here are there besides those that were found.
for (const id of await idsOf(storage)) {
  if (found.has(id)) continue;
  const execution = await platform.wait(id, { timeout });
  executions.push({ execution, events: await eventsOf(storage, id), found: [] });
}
const { executions: store } = storage;
const left = { ready: await store.ready(Date.now() + 1e9, 10), nextReady: await store.nextReady() };
writeFileSync(report, JSON.stringify({ executions, left } satisfies CrashReport));
await platform.close();
say('done');
finish();
