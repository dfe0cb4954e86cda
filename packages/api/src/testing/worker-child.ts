import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';

/** A worker in a process of its own; it ends when the one that started it does. */
process.stdin.on('end', () => process.exit(0)).resume();
const env = JSON.parse(process.argv[2]!) as Record<string, string>;
const { settings } = readSettings(env, { cwd: '/nowhere' });
Object.assign(settings.worker, { inProcess: true });
const platform = await createPlatform(settings, {
  from: import.meta.dirname,
  logger: { log: () => undefined },
});
await platform.open();
process.stdout.write('ready\n');
