export { describeSettings, type SettingLine } from './describe-settings.ts';
export {
  type Environment,
  type ReadSettings,
  type ReadSettingsOptions,
  readSettings,
} from './read-settings.ts';
export type {
  DatabaseBackend,
  DeploymentMode,
  QueueBackendName,
  SettingProblem,
  Settings,
  SqliteDriver,
  SqliteSynchronous,
} from './settings.ts';
