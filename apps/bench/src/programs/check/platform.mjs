import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';

/** A platform in lightweight mode, as its user would open it: by settings. */
export async function openPlatform(path) {
  const environment = { VWMP_SQLITE_PATH: path, VWMP_API_PORT: '0', VWMP_API_RATE: 'off' };
  const { settings } = readSettings(environment, { cwd: '/nowhere' });
  const platform = await createPlatform(settings, { from: import.meta.dirname, logger: { log() {} } });
  await platform.open();
  return platform;
}

/** Keeps a workflow in its store. */
export async function save(platform, document) {
  const draft = { id: document.id, name: document.name, type: 'generic', version: '0.1.0' };
  await platform.workflows.save({ ...draft, text: JSON.stringify(document) }, undefined);
}
