import { join } from 'node:path';
import { runChild } from '../../measure/child.ts';
import { start } from '../modes/started.ts';
import { freePort } from './free-port.ts';
import type { Peer, Place } from './peer.ts';
import { put } from './program.ts';

const command = (folder: string): string => join(folder, 'node_modules', 'n8n', 'bin', 'n8n');

const environment = ({ data }: Place): Record<string, string> => ({
  NODE_ENV: 'production',
  N8N_USER_FOLDER: data,
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_LISTEN_ADDRESS: '127.0.0.1',
  N8N_ENCRYPTION_KEY: 'bench',
});

export const n8n: Peer = {
  name: 'n8n',
  title: 'n8n',
  // The newest one of which all parts are in the registry.
  packages: ['n8n@2.41.1'],
  // The first is not in the registry, the second cannot be built everywhere; neither is used here.
  overrides: {
    cssomnom: 'npm:cssom@0.5.0',
    '@confluentinc/kafka-javascript': 'npm:kafkajs@2.2.4',
  },
  backend: 'sqlite',
  beside: 'server',
  same: 'the same work',
  note: 'a webhook and three Set nodes, SQLite, successful executions are saved as by default; parts of it that are not used here and not to be had everywhere are replaced',
  executions: 300,
  patience: 15,
  async prepare(place) {
    const env = environment(place);
    const cli = (...args: string[]): Promise<unknown> =>
      runChild([command(place.folder), ...args], { cwd: place.data, env });
    await cli('import:workflow', `--input=${put('n8n.json', place.folder)}`);
    await cli('publish:workflow', '--id=threesteps000001');
  },
  async start(place) {
    const port = await freePort();
    const started = await start([command(place.folder), 'start'], {
      ...{ cwd: place.data, ready: /Editor is now accessible/, patience: 120_000 },
      env: { ...environment(place), N8N_PORT: String(port) },
    });
    const url = `http://127.0.0.1:${port}`;
    return { ...started, health: `${url}/healthz`, run: `${url}/webhook/run` };
  },
};
