import { safe } from './safe.ts';

/** A value of `key=value`: bare where that is unmistakable, else JSON, which is always one line. */
export function quote(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return safe(value);
  return safe(JSON.stringify(value) ?? String(value));
}
