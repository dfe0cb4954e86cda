import type { SecretFile } from '@vwmp/core/platform';
import type { Terminal } from '../terminal/terminal.ts';
import { readPlatformSettings, showWarnings } from './settings.ts';

/** The file of secrets that the settings name. @throws SETTINGS_INVALID */
export async function openSecrets(terminal: Terminal): Promise<{ secrets: SecretFile; path: string }> {
  const { settings, warnings } = await readPlatformSettings();
  showWarnings(warnings, terminal);
  const { createSecretFile } = await import('@vwmp/core/platform');
  return { secrets: createSecretFile(settings), path: settings.secretsFile };
}
