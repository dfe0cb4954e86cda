// Node's own modules as they are in every process already. An import of them makes a namespace object, which touches
// every lazy getter: together that took 6 ms of `vwmp run`.
export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs');
export const path: typeof import('node:path') = process.getBuiltinModule('node:path');
export const module: typeof import('node:module') = process.getBuiltinModule('node:module');
