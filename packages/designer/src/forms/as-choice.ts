import type { FieldControl } from '../style/index.ts';

/** What a `<select>` has to carry: it has no way to be read only. */
export function asChoice({
  readOnly,
  ...control
}: FieldControl): Omit<FieldControl, 'readOnly'> & { disabled: true | undefined } {
  return { ...control, disabled: readOnly };
}
