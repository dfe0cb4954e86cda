import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../modes/started.ts';
import type { Running } from './peer.ts';

const programs = join(import.meta.dirname, '..', '..', 'programs', 'peers');

/** Puts a file of src/programs/peers where the packages that it imports are found. */
export function put(file: string, folder: string): string {
  const place = join(folder, file);
  copyFileSync(join(programs, file), place);
  return place;
}

/** Starts a program of src/programs/peers with the packages of a folder. */
export async function startProgram(
  file: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  put('serve.mjs', folder);
  const started = await start([put(file, folder)], {
    ...{ cwd: folder, ready: /ready http:\S+/ },
    env: { NODE_ENV: 'production', ...env },
  });
  const url = started.said.slice('ready '.length);
  return { ...started, health: `${url}/healthz`, run: `${url}/run` };
}
