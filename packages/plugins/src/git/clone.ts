// For packages that read clones by git themselves, as safely as the handlers here.
export { gitEnvironment } from './environment.ts';
export { refuse } from './errors.ts';
export { openRepository } from './repository.ts';
export { findRunning } from './unsafe-config.ts';
