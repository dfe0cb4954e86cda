export { createPlatform, type PlatformOptions } from './create-platform.ts';
export { checkEncryptionKey } from './encryption-key.ts';
export type { TaskFunction } from './parts.ts';
export type {
  Health,
  PartHealth,
  Platform,
  RetryOptions,
  Schedules,
  SignalOptions,
  Started,
  StartOptions,
  WebhookAnswer,
  WebhookDelivery,
} from './platform.ts';
export type { ScheduleExplanation, ShownInstant } from './schedules/index.ts';
export { checkSealed } from './seal.ts';
export { createSecretFile, type SecretFile } from './secret-file.ts';
