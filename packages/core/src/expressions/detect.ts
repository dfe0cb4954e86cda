/**
 * Whether a `${` stands anywhere in the strings of a value, keys not counted. A false alarm is
 * possible (`$${`), a miss is not.
 */
export function hasTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (typeof value !== 'object' || value === null) return false;
  // An explicit stack, because the depth of the value is not known to be bounded yet.
  const stack: object[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    for (const child of Array.isArray(next) ? next : Object.values(next)) {
      if (typeof child === 'string') {
        if (child.includes('${')) return true;
      } else if (typeof child === 'object' && child !== null) stack.push(child);
    }
  }
  return false;
}
