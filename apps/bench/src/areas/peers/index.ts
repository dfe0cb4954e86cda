import type { Area } from '../../scenario.ts';
import { deployed } from '../modes/vwmp.ts';
import { bullmq } from './bullmq.ts';
import { dbos } from './dbos.ts';
import { graphileWorker } from './graphile-worker.ts';
import { n8n } from './n8n.ts';
import { nodeRed } from './node-red.ts';
import { pgBoss } from './pg-boss.ts';
import { besidePeer } from './scenario.ts';

export const peersArea: Area = {
  name: 'peers',
  title: 'what a user could choose instead, measured in the same run; VWMP stands beside each',
  packages: deployed,
  scenarios: [dbos, pgBoss, graphileWorker, bullmq, nodeRed, n8n].map(besidePeer),
};
