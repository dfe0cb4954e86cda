import type { Settings } from '@vwmp/core/settings';
import { runningBundle } from '../bundle/running.ts';
import { fs, path } from '../node.ts';
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
  const cwd = process.cwd();
  const variables = withFile(path.join(cwd, '.env'));
  const { settings, warnings } = readSettings(withBundled(variables), { cwd });
  return { settings, warnings, variables };
}

/** A bundle has the workflows that it was made of, unless they are said to be elsewhere. */
function withBundled(variables: Variables): NodeJS.ProcessEnv {
  const bundle = runningBundle();
  if (!bundle || variables.VWMP_WORKFLOWS_DIR) return process.env;
  return { ...process.env, VWMP_WORKFLOWS_DIR: path.join(bundle.folder, 'workflows') };
}

/** The secrets of a platform may stand in `.env` too. As for settings, the environment wins, and what is empty is not there. */
function withFile(file: string): Variables {
  if (!fs.existsSync(file)) return process.env;
  const { parseEnv } = process.getBuiltinModule('node:util');
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return { ...parseEnv(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')), ...Object.fromEntries(given) };
}

export function showWarnings(warnings: readonly string[], { err, symbols }: Terminal): void {
  for (const warning of warnings) err.line(`${err.style.yellow(symbols.warning)} ${safe(warning)}`);
}
