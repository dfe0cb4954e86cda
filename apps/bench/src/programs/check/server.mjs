// Listens, says where, and how it stands once it is told to.
import { createServer } from '@vwmp/api';
import { openPlatform } from './platform.mjs';
import { settled } from './settled.mjs';

const platform = await openPlatform(process.argv[2]);
process.once('SIGUSR2', settled);
console.log((await createServer(platform).listen()).port);
