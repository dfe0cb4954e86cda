// CPU that the server needs for a request, asked by another process.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createServer } from '@vwmp/api';
import { openPlatform, save } from './platform.mjs';
import { measure } from './work.mjs';

const { document, warmUp, count, data, load } = JSON.parse(process.argv[2]);
const platform = await openPlatform(data);
await save(platform, document);
const { port } = await createServer(platform).listen();
const path = `/api/vwmp/workflows/${document.id}/`;

await measure(warmUp, count, async (requests) => {
  const task = JSON.stringify({ port, method: 'GET', path, clients: 4, requests });
  const args = ['--disable-warning=ExperimentalWarning', load, task];
  const { refused } = JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  if (refused > 0) throw new Error(`${refused} requests were not answered with 200.`);
});
