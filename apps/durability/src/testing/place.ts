import { createPlatform, type Platform, type PlatformOptions } from '@vwmp/core/platform';
import { readSettings, type Settings } from '@vwmp/core/settings';

/** Where platforms keep their things, as the variables that a user would set: it can be given to another process. */
export type Place = Readonly<Record<string, string>>;

/** Of the worker; a lease may be shorter here than the variables allow. */
export type WorkerSettings = Partial<Settings['worker']>;

/** The settings of a platform over a place. */
export function settingsOf(place: Place, worker: WorkerSettings = {}): Settings {
  const variables = {
    VWMP_IN_PROCESS_WORKER: 'true',
    VWMP_ENCRYPTION_KEY: 'for tests, never for more',
    ...place,
  };
  const { settings } = readSettings(variables, { cwd: '/', envFile: false });
  return { ...settings, worker: { ...settings.worker, ...worker } };
}

/** Makes a platform over a place, as a program would. It has yet to be opened. */
export function makePlatform(
  place: Place,
  { worker, ...options }: PlatformOptions & { worker?: WorkerSettings } = {},
): Promise<Platform> {
  return createPlatform(settingsOf(place, worker), { from: import.meta.dirname, ...options });
}
