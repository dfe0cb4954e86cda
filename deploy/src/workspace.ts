import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deployFolder } from './files.ts';

/** Where steps read and write files in a container, as the config in the image says. */
export async function imageWorkspace(): Promise<string> {
  const url = pathToFileURL(join(deployFolder, 'docker/vwmp.config.js'));
  const { default: config } = (await import(url.href)) as { default: { workspace: string } };
  return config.workspace;
}
