import type { Storage } from '@vwmp/core';
import type { Settings } from '@vwmp/core/settings';
import { type Finding, failure } from './finding.ts';

/** So many executions are looked at for one with secret parameters. */
const mostExecutions = 100;

/** Whether there is a key, and whether it opens the file of secrets. */
export async function checkSecrets(settings: Settings): Promise<Finding[]> {
  const { createSecretFile } = await import('@vwmp/core/platform');
  try {
    createSecretFile(settings).names();
  } catch (error) {
    return [failure('project', 'The file of secrets', error)];
  }
  // Beside a file a key is made on first use; a server has no such place.
  if (settings.database.backend !== 'postgresql' || settings.encryptionKey !== undefined) return [];
  return [
    {
      area: 'project',
      verdict: 'note',
      title: 'VWMP_ENCRYPTION_KEY is not set, so executions with secret parameters are refused',
      advice: 'Set it to a long random text (openssl rand -hex 32), the same for every process.',
    },
  ];
}

/** Whether a worker with these settings could go on with executions that have secret parameters: one tells it of all. */
export async function checkSealedParameters({ executions }: Storage, settings: Settings): Promise<Finding[]> {
  const { checkSealed } = await import('@vwmp/core/platform');
  const { results } = await executions.list({
    status: ['pending', 'running', 'waiting'],
    limit: mostExecutions,
  });
  for (const { id } of results) {
    const sealed = (await executions.get(id))?.origin?.sealed;
    if (sealed === undefined) continue;
    try {
      checkSealed(settings, sealed);
    } catch (error) {
      return [failure('work', `No worker can go on with execution ${id}`, error)];
    }
    return [];
  }
  return [];
}
