/**
 * Takes one sample of every case per round, so that what the machine does meanwhile falls on all of them alike.
 * The order turns from round to round: whoever always went first would always find the colder cache.
 *
 * @returns samples by case, in the order of the rounds; `samples[case][i]` belong to round i
 */
export async function interleave<K extends string, T>(
  rounds: number,
  cases: Record<K, () => Promise<T>>,
): Promise<Record<K, T[]>> {
  const names = Object.keys(cases) as K[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round < rounds; round++) {
    const start = round % names.length;
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      samples[name].push(await cases[name]());
    }
  }
  return samples;
}
