import { stats } from './stats.ts';

export default { plugins: [stats] };
