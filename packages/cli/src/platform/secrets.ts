import type { SecretFile } from '@vwmp/core/platform';
import { fs } from '../node.ts';
import { projectFolder } from '../project/plugins.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { compose } from './compose.ts';
import { inTime } from './in-time.ts';
import { createWarner } from './logger.ts';
import { noteChange, tellUnnoted } from './note-change.ts';
import { readPlatformSettings, showWarnings } from './settings.ts';
import { emptyStorage, holdsNothing } from './with-platform.ts';

/** So long the database gets to take the note, in milliseconds: what it is about is done. */
const patience = 2000;

/** What a command does with secrets. */
export interface SecretAccess {
  secrets: SecretFile;
  path: string;
  /** Notes in the audit log of the store that one was changed. A store that nobody has made yet has none, and is not made for that. */
  note(action: 'secret.set' | 'secret.removed', name: string): Promise<void>;
}

/** The file of secrets that the settings name. @throws SETTINGS_INVALID */
export async function openSecrets(terminal: Terminal): Promise<SecretAccess> {
  const { settings, warnings, variables } = await readPlatformSettings();
  showWarnings(warnings, terminal);
  const { createSecretFile } = await import('@vwmp/core/platform');

  const note: SecretAccess['note'] = async (action, name) => {
    const { backend, path } = settings.database;
    if (backend === 'memory' || (path !== undefined && !fs.existsSync(path))) return;
    try {
      const { storage } = await compose({
        settings: { ...settings, worker: { ...settings.worker, inProcess: false } },
        variables,
        logger: createWarner(terminal.err, terminal.symbols.warning),
        folder: projectFolder(process.cwd()),
        alone: true,
        ...(holdsNothing(settings) && { storage: await emptyStorage(settings) }),
      });
      const add = async (): Promise<void> => {
        const migrations = await storage.maintenance?.status();
        if (migrations && migrations.pending.length > 0) return;
        await storage.open();
        await noteChange(storage.audit, terminal, action, name);
      };
      try {
        await inTime(add(), patience);
      } finally {
        await storage.close();
      }
    } catch (error) {
      tellUnnoted(error, terminal);
    }
  };
  return { secrets: createSecretFile(settings), path: settings.secretsFile, note };
}
