export { createApiKey, type NewKey, parseApiKey } from './api-key.ts';
export { type Audit, createAudit } from './audit.ts';
export {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  keyTrust,
  type Principal,
} from './authenticate.ts';
export { checkBind } from './check-bind.ts';
export type { RequestHeaders } from './headers.ts';
export type { RateLimiter, Taken } from './limits.ts';
export type { Origins } from './origins.ts';
export { type Shown, securityHeaders } from './response-headers.ts';
export { allows, isRole, type Role, roles } from './roles.ts';
export { createSecurity, type Security } from './security.ts';
