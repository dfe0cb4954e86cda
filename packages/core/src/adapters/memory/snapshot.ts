/**
 * A deeply frozen copy of plain data, so that it can be kept and handed out without anyone changing it for
 * others. What is deeply frozen already is taken as it is. Like JSON, it leaves out entries that are
 * undefined.
 */
export function snapshot<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? copyList(value) : copyMapping(value as Record<string, unknown>);
}

function copyList(list: readonly unknown[]): readonly unknown[] {
  const copied = list.map((item) => (item === undefined ? null : copy(item)));
  const same = Object.isFrozen(list) && copied.every((item, index) => item === list[index]);
  return same ? list : Object.freeze(copied);
}

function copyMapping(mapping: Record<string, unknown>): object {
  const copied: Record<string, unknown> = {};
  let same = Object.isFrozen(mapping);
  for (const [key, value] of Object.entries(mapping)) {
    if (value === undefined) {
      same = false;
      continue;
    }
    const item = copy(value);
    if (item !== value) same = false;
    // Plain assignment to this key would set the prototype.
    if (key === '__proto__') Object.defineProperty(copied, key, { value: item, enumerable: true });
    else copied[key] = item;
  }
  return same ? mapping : Object.freeze(copied);
}
