import { release } from './release.ts';

export default { plugins: [release] };
