import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../modes/started.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { put } from './program.ts';

export const nodeRed: Peer = {
  name: 'node-red',
  title: 'Node-RED',
  packages: ['node-red'],
  backend: 'nothing',
  beside: 'server',
  same: 'no durable work',
  note: 'three function nodes; nothing is kept: what runs is lost when the process ends, and there is no list of executions',
  executions: 5000,
  async start({ folder, data }) {
    const settings = join(data, 'settings.js');
    writeFileSync(
      settings,
      `module.exports = { uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: 'bench', userDir: ${JSON.stringify(data)}, telemetry: { enabled: false, updateNotification: false } };`,
    );
    const port = await freePort();
    const flows = put('node-red.json', folder);
    const command = join(folder, 'node_modules', 'node-red', 'red.js');
    const started = await start([command, '-s', settings, '-p', String(port), flows], {
      ...{ cwd: data, ready: /Started flows/, env: { NODE_ENV: 'production' } },
    });
    const url = `http://127.0.0.1:${port}`;
    return { ...started, health: `${url}/healthz`, run: `${url}/run` };
  },
};
