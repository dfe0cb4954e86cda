import { version } from '@vwmp/core';

console.log(`@vwmp/core ${version} on Node ${process.versions.node}: no measurements yet`);
