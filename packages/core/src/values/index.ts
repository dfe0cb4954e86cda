export { formatDuration, parseDuration } from './duration.ts';
export { createRedactor, type Redactor } from './redactor.ts';
export { type ToJsonOptions, toJson } from './to-json.ts';
