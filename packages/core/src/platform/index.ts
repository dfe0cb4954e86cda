export { createPlatform, type PlatformOptions } from './create-platform.ts';
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
export { checkEncryptionKey, createSecretFile, type SecretFile } from './secret-file.ts';
