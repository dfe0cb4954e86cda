import { hasCode, type Problem } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attend, storeWorkflows } from './testing/attend.ts';
import { type Case, expectOutcome, readCases } from './testing/cases.ts';
import { createGround } from './testing/ground.ts';
import { pairs } from './testing/pairs.ts';
import { makePlatform } from './testing/place.ts';
import { type PlatformCase, platformCases } from './testing/platform-cases.ts';
import { eventsOf } from './testing/read.ts';

const ground = createGround();
afterAll(ground.clear);

const cases: (readonly [string, string, PlatformCase])[] = [...readCases(), ...platformCases].map(
  (each) => [each.file, each.name, each] as const,
);

describe.each(pairs.map((pair) => [pair.name, pair] as const))('%s', (_name, pair) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await makePlatform(await pair.place(ground));
    await platform.open();
    await storeWorkflows(platform);
  });
  afterAll(() => platform.close());

  it.concurrent.each(cases)('%s: %s', async (_file, _title, { invalid, ...each }) => {
    if (invalid) return expectRefusal({ ...each, invalid });
    const { execution_id } = await platform.start(each.workflow, each.parameters);
    await attend(platform, execution_id, each);
    const execution = await platform.wait(execution_id);
    // Whether it was seen to end here or read from the store.
    expect(await platform.execution(execution_id)).toEqual(execution);
    expectOutcome(each, execution, await eventsOf(platform.storage, execution_id));
  });

  async function expectRefusal({ workflow, parameters, invalid }: Case): Promise<void> {
    const id = ground.name();
    const error: unknown = await platform
      .start(workflow, parameters, { id })
      .catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'DOCUMENT_INVALID') || hasCode(error, 'PARAMETERS_INVALID')).toBe(true);
    const found = (error as { details: Problem[] }).details.map(({ code, path }) => ({ code, path }));
    expect(found).toEqual(expect.arrayContaining([...invalid!]));
    expect(await platform.execution(id)).toBeUndefined();
  }
});
