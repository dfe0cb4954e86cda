import { docHealing } from '@vwmp/plugin-doc-healing';

export default { plugins: [docHealing] };
