export { createApiKey, type NewKey } from './api-key.ts';
export { checkBind } from './check-bind.ts';
export { isLoopback } from './hosts.ts';
export { keyNamePattern } from './key-name.ts';
export { isRole, type Role, roles } from './roles.ts';
