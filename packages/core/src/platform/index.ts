export { createPlatform, type PlatformOptions } from './create-platform.ts';
export type { TaskFunction } from './parts.ts';
export type { Health, PartHealth, Platform, RetryOptions, Started, StartOptions } from './platform.ts';
