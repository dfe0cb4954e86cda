import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What lies in a folder that npm has filled. */
export interface Installed {
  /** Bytes on disk: whole blocks and folders. */
  allocated: number;
  /** Bytes of all files. */
  apparent: number;
  packages: number;
  /** Native files, and packages that run a script when they are installed. */
  native: number;
  /** Whether there are type declarations: without them the build was not complete. */
  typed: boolean;
}

/** @param root - a folder `node_modules`, or one of its packages */
export function measureInstalled(root: string): Installed {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const files = paths.filter((_, i) => entries[i]!.isFile());
  const manifests = files.filter((file) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file));
  if (manifests.length === 0) throw new Error(`npm has installed nothing in ${root}.`);
  const native = files.filter((file) => file.endsWith('.node') || file.endsWith('binding.gyp'));
  return {
    allocated: [root, ...paths].reduce((sum, path) => sum + statSync(path).blocks * 512, 0),
    apparent: files.reduce((sum, file) => sum + statSync(file).size, 0),
    packages: manifests.length,
    native: native.length + manifests.filter(hasInstallScript).length,
    typed: files.some((file) => file.endsWith('index.d.ts')),
  };
}

function hasInstallScript(manifest: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> };
  return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
}
