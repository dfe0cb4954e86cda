/** True for keys through which data could reach an object prototype. They are refused anywhere. */
export function isUnsafeKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
