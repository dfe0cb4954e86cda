// npm run screenshots: takes the pictures in docs/images, with a browser, of the designer as it is built.
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/run.mjs';
import { provideServers } from './lib/servers.mjs';

await bootstrap();
await provideServers(['playwright-core']);
process.exitCode = await run('node', [
  '--conditions=source',
  '--no-warnings',
  'packages/designer/scripts/screenshots.ts',
]);
