import { hasCode } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Secrets } from '../plugin/handler.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import type { Redactor } from '../values/index.ts';
import { permanent } from './permanent.ts';

/** Reads secrets; what was read once is replaced by `***` from then on. */
export function createSecrets(source: SecretSource | undefined, redactor: Redactor): Secrets {
  return {
    get(name) {
      const secret = source?.get(name);
      if (secret === undefined) {
        const message = `There is no secret "${name}". Set it where this engine's secrets come from.`;
        throw permanent('SECRET_MISSING', message, { name });
      }
      redactor.add(secret);
      return secret;
    },
  };
}

/** The secrets of these names, as far as they are there: reading a missing one in an expression says so. */
export function presentSecrets(names: readonly string[], secrets: Secrets): JsonObject {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of names) {
    try {
      found[name] = secrets.get(name);
    } catch (error) {
      if (!hasCode(error, 'SECRET_MISSING')) throw error;
    }
  }
  return Object.freeze(found);
}
