import { fs, path } from '../node.ts';

/** `bundle.json`: what a bundle consists of, and what makes a folder one. */
export interface BundleManifest {
  /** Of this format. */
  vwmp_bundle: 1;
  /** Of the command. */
  version: string;
  /** As in the names of binaries: `linux-x64`, `linuxmusl-arm64`. */
  platform: string;
  /** Whether it holds programs that run on that platform only. */
  native: boolean;
  /** Path of the config in it. */
  config?: string;
  workflows: readonly { id: string; file: string }[];
  /** Versions by their places in `node_modules`. */
  packages: Readonly<Record<string, string>>;
}

export const manifestName = 'bundle.json';

/** What lies at the top of a bundle; anything else was put there by someone. */
export const ownNames: ReadonlySet<string> = new Set([
  manifestName,
  'main.mjs',
  'node_modules',
  'package.json',
  'project',
  'workflows',
]);

/** @returns undefined when the folder is no bundle */
export function readManifest(folder: string): BundleManifest | undefined {
  try {
    const value = JSON.parse(fs.readFileSync(path.join(folder, manifestName), 'utf8')) as BundleManifest;
    return value.vwmp_bundle === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}
