import { createAudit } from './plugin/index.ts';

export default { plugins: [createAudit()] };
