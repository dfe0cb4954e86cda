/**
 * What holds in every project. Those with a `vitest.config.ts` of their own inherit nothing, and vitest runs the files of
 * projects with other numbers of workers apart, or not at all.
 */
export const shared = {
  // Many tests wait for servers and processes: with one file at a time (the default on two cores) the machine idles.
  maxWorkers: 2,
  // A test never depends on time; this only ends what hangs, also on a machine that is busy with other things.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};
