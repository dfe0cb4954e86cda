import type { SecretSource } from '@vwmp/core';
import { fs, path } from '../node.ts';

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `VWMP_SECRET_TOKEN` is `secrets.TOKEN`, and `secrets.token` too. */
export function createSecrets(variables: Variables): SecretSource {
  return {
    names: () =>
      Object.keys(variables).flatMap((each) =>
        each.startsWith('VWMP_SECRET_') && each !== 'VWMP_SECRET_' ? [each.slice('VWMP_SECRET_'.length)] : [],
      ),
    get: (name) => variables[`VWMP_SECRET_${name}`] ?? variables[`VWMP_SECRET_${name.toUpperCase()}`],
  };
}

/**
 * The same, and besides what `vwmp secrets` keeps in a file, where there is one: without it nothing more is loaded.
 *
 * @throws SETTINGS_INVALID
 */
export async function createAllSecrets(variables: Variables, cwd: string): Promise<SecretSource> {
  const own = createSecrets(variables);
  const file = variables.VWMP_SECRETS_FILE || path.join(cwd, '.vwmp/secrets');
  if (!fs.existsSync(path.resolve(cwd, file))) return own;
  const [{ readSettings }, { createSecretFile }] = await Promise.all([
    import('@vwmp/core/settings'),
    import('@vwmp/core/platform'),
  ]);
  const kept = createSecretFile(readSettings(variables, { cwd }).settings);
  return { get: (name) => own.get(name) ?? kept.get(name) };
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
