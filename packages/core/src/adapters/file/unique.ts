/** Something that nobody else has, to be told apart by; not secret. `node:crypto` would load 2 MB into a process that only waits. */
export function unique(): string {
  const part = (): string => Math.random().toString(36).slice(2, 12);
  return `${process.pid.toString(36)}-${Date.now().toString(36)}-${part()}${part()}`;
}
