import { scan } from '../expressions/scan.ts';

/** Where templates stand in a value, by JSON Pointer as the schema validator writes it. */
export interface TemplateKinds {
  /** `whole` gives a value of any type, `text` always gives text. */
  at(pointer: string): 'whole' | 'text' | undefined;
  /** True when one stands at that place or anywhere below. */
  below(pointer: string): boolean;
}

/** Finds the templates of a value; undefined when there are none, as in most. */
export function findTemplates(value: unknown): TemplateKinds | undefined {
  const kinds = new Map<string, 'whole' | 'text'>();
  const around = new Set<string>();
  const walk = (inner: unknown, pointer: string): boolean => {
    let found = false;
    if (typeof inner === 'string') {
      if (inner.includes('${')) {
        kinds.set(pointer, kindOf(inner));
        found = true;
      }
    } else if (typeof inner === 'object' && inner !== null) {
      for (const [key, each] of Object.entries(inner)) {
        if (walk(each, pointer + pointerTo(key))) found = true;
      }
    }
    if (found) around.add(pointer);
    return found;
  };
  walk(value, '');
  return kinds.size === 0
    ? undefined
    : { at: (pointer) => kinds.get(pointer), below: (pointer) => around.has(pointer) };
}

function kindOf(text: string): 'whole' | 'text' {
  const scanned = scan(text);
  // One that is never closed is reported as such; its type is anyone's guess.
  if ('unclosed' in scanned) return 'whole';
  return scanned.parts.length === 1 && 'expression' in scanned.parts[0]! ? 'whole' : 'text';
}

/** The JSON Pointer to a key, as the schema validator writes it. */
export function pointerTo(key: string): string {
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return `/${encodeURI(escaped.toWellFormed()).replaceAll('#', '%23')}`;
}
