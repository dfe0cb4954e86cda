import type { JsonValue } from '@vwmp/core';

/** What is taken where nothing is given, as people read it. */
export function presetOf({ default: preset }: Record<string, JsonValue>): string | undefined {
  if (preset === undefined || preset === null) return undefined;
  if (typeof preset !== 'object') return String(preset);
  const text = JSON.stringify(preset);
  if (text.length === 2) return undefined;
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
