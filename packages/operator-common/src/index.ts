export { checkIdle } from './check-idle.ts';
