import { DBOS } from '@dbos-inc/dbos-sdk';
import { order, serve, steps } from './serve.mjs';

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: process.env.DATABASE_URL,
  logLevel: 'error',
  runAdminServer: false,
});
const threeSteps = DBOS.registerWorkflow(
  async (given) => {
    const items = await DBOS.runStep(async () => steps.read(given), { name: 'read' });
    const count = await DBOS.runStep(async () => steps.count(items), { name: 'count' });
    return DBOS.runStep(async () => steps.total(count), { name: 'total' });
  },
  { name: 'threeSteps' },
);
await DBOS.launch();
serve(() => threeSteps(order));
