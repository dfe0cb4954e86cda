import type { CommandEntry } from './command.ts';
import { bundleSpec } from './specs/bundle.ts';
import { dbGroup } from './specs/db.ts';
import { doctorSpec } from './specs/doctor.ts';
import { executionsGroup } from './specs/executions.ts';
import { keysGroup } from './specs/keys.ts';
import { queuesGroup } from './specs/queues.ts';
import { scheduleGroup } from './specs/schedule.ts';
import { secretsGroup } from './specs/secrets.ts';
import { serveSpec } from './specs/serve.ts';
import { startSpec } from './specs/start.ts';
import { workerSpec } from './specs/worker.ts';
import { workflowsGroup } from './specs/workflows.ts';

/** The commands of the durable platform. Apart from the others, so that `vwmp run` starts without reading them. */
export const platformSpecs: Readonly<Record<string, CommandEntry>> = {
  serve: serveSpec,
  start: startSpec,
  worker: workerSpec,
  executions: executionsGroup,
  workflows: workflowsGroup,
  schedule: scheduleGroup,
  queues: queuesGroup,
  keys: keysGroup,
  secrets: secretsGroup,
  db: dbGroup,
  bundle: bundleSpec,
  doctor: doctorSpec,
};
