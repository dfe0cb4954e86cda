export { formatDuration, parseDuration } from './duration.ts';
export { createRedactor, type Redactor } from './redactor.ts';
export { toJson } from './to-json.ts';
