import type { BoundParameters } from '../engine/parameters.ts';
import { hasCode } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { Origin } from '../ports/execution-store.ts';
import { createRedactor, type Redactor } from '../values/index.ts';
import type { Sealer } from './seal.ts';

/** What an execution is given, checked. */
export interface Given extends BoundParameters {
  trigger?: JsonValue;
  /** Knows its secrets and those of its family. */
  redactor: Redactor;
}

/** What the history must not show, encrypted. */
export function sealedOf(given: Given, sealer: Sealer): Pick<Origin, 'sealed'> {
  const { values: parameters, trigger, redactor } = given;
  if (!redactor.active) return {};
  const rest = trigger === undefined ? {} : { trigger };
  try {
    return { sealed: sealer.seal({ parameters, secrets: [...redactor.known], ...rest }) };
  } catch (error) {
    // Only of its family, and without a key they are known to those processes alone that have come by them.
    if (isShown(given) && hasCode(error, 'ENCRYPTION_KEY_MISSING')) return {};
    throw error;
  }
}

/** Hides what is secret in what is given, and in the execution that starts it. */
export function familyRedactor(family: Redactor | undefined, { secrets }: BoundParameters): Redactor {
  const redactor = createRedactor();
  for (const secret of family?.known ?? []) redactor.add(secret);
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

/** True when the history may show everything as it is. */
function isShown({ values, shown, trigger = null, redactor }: Given): boolean {
  if (values !== shown) return false;
  return redactor.redactData(values as JsonValue) === values && redactor.redactData(trigger) === trigger;
}
