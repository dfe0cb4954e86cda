export { filePluginName } from './file/index.ts';
export { httpPluginName } from './http/index.ts';
export { shellPluginName } from './shell/index.ts';
