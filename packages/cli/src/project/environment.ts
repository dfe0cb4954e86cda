import type { SecretSource } from '@vwmp/core';

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `VWMP_SECRET_TOKEN` is `secrets.TOKEN`, and `secrets.token` too. */
export function createSecrets(variables: Variables): SecretSource {
  return {
    get: (name) => variables[`VWMP_SECRET_${name}`] ?? variables[`VWMP_SECRET_${name.toUpperCase()}`],
  };
}

/** What expressions may read as `env`: what the config names, and what VWMP_ENV_ALLOW does. */
export function allowedEnv(names: readonly string[], variables: Variables): Record<string, string> {
  const also = (variables.VWMP_ENV_ALLOW ?? '').split(/[\s,]+/).filter((name) => name !== '');
  const found: Record<string, string> = {};
  for (const name of [...names, ...also]) {
    const value = variables[name];
    if (value !== undefined && name !== '__proto__') found[name] = value;
  }
  return found;
}
