import type { Settings } from '@vwmp/core/settings';
import { runningBundle } from '../bundle/running.ts';
import { path } from '../node.ts';
import type { Variables } from '../project/environment.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What holds in the current folder. */
export interface PlatformSettings {
  settings: Settings;
  warnings: readonly string[];
  /** Of the environment and `.env`. */
  variables: Variables;
}

/** @throws SETTINGS_INVALID */
export async function readPlatformSettings(): Promise<PlatformSettings> {
  const { readSettings } = await import('@vwmp/core/settings');
  const variables = await readVariables();
  const { settings, warnings } = readSettings(withBundled(variables), { cwd: process.cwd() });
  return { settings, warnings, variables };
}

/** A bundle has the workflows that it was made of, unless they are said to be elsewhere. */
function withBundled(variables: Variables): NodeJS.ProcessEnv {
  const bundle = runningBundle();
  if (!bundle || variables.VWMP_WORKFLOWS_DIR) return process.env;
  return { ...process.env, VWMP_WORKFLOWS_DIR: path.join(bundle.folder, 'workflows') };
}

/**
 * The variables of the environment and of `.env`, where the secrets of a platform may stand too. As for settings, the environment
 * wins, and what is empty is not there.
 *
 * @throws SETTINGS_INVALID when `.env` cannot be read
 */
export async function readVariables(): Promise<Variables> {
  const { readEnvFile } = await import('@vwmp/core/settings');
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return { ...readEnvFile(path.join(process.cwd(), '.env'), false), ...Object.fromEntries(given) };
}

export function showWarnings(warnings: readonly string[], { err, symbols }: Terminal): void {
  for (const warning of warnings) err.line(`${err.style.yellow(symbols.warning)} ${safe(warning)}`);
}
