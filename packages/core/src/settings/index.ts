export { describeSettings, type SettingLine } from './describe-settings.ts';
export { readEnvFile } from './read-env-file.ts';
export {
  type Environment,
  type ReadSettings,
  type ReadSettingsOptions,
  readSecretSettings,
  readSettings,
  type SecretSettings,
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
