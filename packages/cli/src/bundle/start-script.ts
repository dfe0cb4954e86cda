import type { BundleManifest } from './manifest.ts';

/** The text of `main.mjs`. */
export function startScript({ config, platform, native }: BundleManifest): string {
  const check = native
    ? `
const here = process.platform + '-' + process.arch;
if (here !== '${platform.replace('musl', '')}') {
  console.error('This bundle holds programs for ${platform}, and this is ' + here + '. Make one for it: vwmp bundle --platform ' + here);
  process.exit(2);
}
`
    : '';
  const bundle = `{ folder: import.meta.dirname${config === undefined ? '' : `, config: ${JSON.stringify(config)}`} }`;
  return `#!/usr/bin/env node
// Made by "vwmp bundle". Everything that the command needs lies beside this file: node main.mjs serve
${check}
globalThis[Symbol.for('vwmp.bundle')] = ${bundle};
await import('./node_modules/@vwmp/cli/bin/vwmp.js');
`;
}
