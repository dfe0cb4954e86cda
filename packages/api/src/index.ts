export type { AnsweredRequest, AppOptions, VwmpApp } from './app/app.ts';
export type { Gate } from './app/gate.ts';
export { createApp } from './app/lazy-app.ts';
export {
  createServer,
  type ServerAddress,
  type ServerOptions,
  type VwmpServer,
} from './server/create-server.ts';
