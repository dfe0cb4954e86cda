import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { testPlugin } from './platform.ts';
import { serveSockets } from './serve.ts';

/** A process of its own that serves sockets, and signals the executions whose ids it is told. It ends when the one that started it does. */
process.stdin.on('end', () => process.exit(0));
const { env, works } = JSON.parse(process.argv[2]!) as { env: Record<string, string>; works: boolean };
const { settings } = readSettings(env, { cwd: '/nowhere' });
Object.assign(settings.worker, { inProcess: works, lease: 1000 });
const platform = await createPlatform(settings, {
  plugins: [testPlugin],
  from: import.meta.dirname,
  logger: { log: () => undefined },
});
await platform.open();
const { port } = await serveSockets(platform);
process.stdin.setEncoding('utf8').on('data', (ids: string) => {
  for (const id of ids.trim().split('\n')) void platform.signal(id, 'go');
});
process.stdout.write(`${port}\n`);
