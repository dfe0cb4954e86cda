import { join } from 'node:path';
import type { Installation } from '../../measure/package.ts';
import { type Started, start } from './started.ts';

/** What a server with everything needs, in the order in which npm resolves it. */
export const deployed: readonly ['core', ...string[]] = [
  'core',
  'queue-memory',
  'queue-redis',
  'db-sqlite',
  'db-postgres',
  'plugins',
  'api',
  'designer',
  'cli',
];

export interface Service extends Started {
  url: string;
}

/** What the image and the units of `deploy` tell Node. */
const deployedFlags: readonly string[] = ['--no-maglev'];

/** `vwmp serve`, as it is deployed unless other flags of Node are given, on a free port. */
export async function startService(
  { folder }: Installation,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = deployedFlags,
): Promise<Service> {
  const env = { VWMP_API_PORT: '0', VWMP_API_RATE: 'off', ...environment };
  const started = await start([...flags, commandIn(folder), 'serve'], {
    env,
    ready: /http:\/\/127\.0\.0\.1:\d+/,
  });
  return { ...started, url: started.said };
}

/** `vwmp worker`, as it is deployed. */
export function startWorker(
  { folder }: Installation,
  environment: Readonly<Record<string, string>>,
): Promise<Started> {
  return start([...deployedFlags, commandIn(folder), 'worker'], {
    env: environment,
    ready: /The worker is ready\./,
  });
}

/** The script of the command. */
export function commandIn(folder: string): string {
  return join(folder, 'node_modules', '@vwmp', 'cli', 'bin', 'vwmp.js');
}
