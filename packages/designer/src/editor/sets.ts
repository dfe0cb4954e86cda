/** The ids that there still are; the same set when that is all of them. */
export function withoutUnknown(ids: ReadonlySet<string>, known: ReadonlySet<string>): ReadonlySet<string> {
  const kept = [...ids].filter((id) => known.has(id));
  return kept.length === ids.size ? ids : new Set(kept);
}

export function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
