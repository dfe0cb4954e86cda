// npm run build: installs what is missing and builds what has changed, as the other commands do first.
import { bootstrap } from './lib/bootstrap.mjs';

await bootstrap();
