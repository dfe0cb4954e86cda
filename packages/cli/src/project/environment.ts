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
 * The same, and besides what `vwmp secrets` keeps in a file, where there is one: without it nothing more is loaded. What the
 * settings say of it is read when a secret is asked for that no variable has.
 */
export async function createAllSecrets(variables: Variables, cwd: string): Promise<SecretSource> {
  const own = createSecrets(variables);
  if (!mayBeKept(variables, cwd)) return own;
  const [{ readSecretSettings }, { createSecretFile }] = await Promise.all([
    import('@vwmp/core/settings'),
    import('@vwmp/core/platform'),
  ]);
  let kept: SecretSource | undefined;
  return {
    get(name) {
      const found = own.get(name);
      if (found !== undefined) return found;
      kept ??= createSecretFile(readSecretSettings(variables, { cwd }));
      return kept.get(name);
    },
  };
}

/** Whether there is a file of secrets; a `.env` that cannot be read may name one. */
function mayBeKept(variables: Variables, cwd: string): boolean {
  let file = variables.VWMP_SECRETS_FILE;
  const env = path.join(cwd, '.env');
  if (file === undefined && fs.existsSync(env)) {
    try {
      const { parseEnv } = process.getBuiltinModule('node:util');
      file = parseEnv(fs.readFileSync(env, 'utf8').replace(/^\uFEFF/, '')).VWMP_SECRETS_FILE;
    } catch {
      return true;
    }
  }
  return fs.existsSync(path.resolve(cwd, file?.trim() || '.vwmp/secrets'));
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
