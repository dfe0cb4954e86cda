import type { ExecutionStatus, PluginRegistry, Storage, WorkflowStore } from '@vwmp/core';
import { coarse } from '../terminal/ago.ts';
import { count } from '../terminal/bytes.ts';
import type { Finding } from './finding.ts';

/** After so long somebody should have taken up what is ready, in milliseconds. */
const patience = 60_000;
/** So many documents are checked. */
const mostWorkflows = 200;
const mostReady = 500;

/** What is to be done, and whether anybody does it. */
export async function checkWork(storage: Storage): Promise<Finding[]> {
  const { executions } = storage;
  const counts: string[] = [];
  for (const status of ['pending', 'running', 'waiting', 'failed'] as ExecutionStatus[]) {
    const { count: found } = await executions.list({ status: [status], limit: 1 });
    if (found > 0) counts.push(`${count(found)} ${status}`);
  }
  const { count: all } = await executions.list({ limit: 1 });
  const title = `${plural(all)}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
  const findings: Finding[] = [{ area: 'work', verdict: 'ok', title }];
  const now = Date.now();
  const ready = await executions.ready(now, mostReady);
  const oldest = ready[0] === undefined ? undefined : await executions.get(ready[0]);
  if (!oldest) return findings;
  const since = Date.parse(oldest.wake_at ?? oldest.started_at);
  if (now - since > patience) {
    const number = ready.length === mostReady ? `${mostReady} or more executions` : plural(ready.length);
    const them = ready.length === 1 ? 'it' : 'them';
    findings.push({
      area: 'work',
      verdict: 'warning',
      title: `${number} could go on, and no worker has taken ${them} up, for ${coarse(now - since)}`,
      advice: `Run a worker: vwmp worker. The first one: vwmp executions show ${oldest.id}`,
    });
  }
  return findings;
}

function plural(number: number): string {
  return number === 1 ? '1 execution' : `${count(number)} executions`;
}

/** Stored documents that could not be started, because a plugin is missing, say. */
export async function checkWorkflows(workflows: WorkflowStore, plugins: PluginRegistry): Promise<Finding[]> {
  const { results, count: all } = await workflows.list({ limit: mostWorkflows });
  if (all === 0) return [];
  const { parseDocument, validateWorkflow } = await import('@vwmp/core/language');
  const broken = results.flatMap(({ id, text }) => {
    const [problem] = validateWorkflow(parseDocument(text), plugins, { stored: true }).problems;
    return problem ? [`${id}: ${problem.message}`] : [];
  });
  const title = all === 1 ? '1 stored workflow' : `${count(all)} stored workflows`;
  if (broken.length === 0) return [{ area: 'work', verdict: 'ok', title }];
  return [
    {
      area: 'work',
      verdict: 'warning',
      title: `${broken.length} of ${title} cannot be started. ${broken[0]}`,
      advice:
        'Correct them and store them again (vwmp workflows save), or add the plugin to vwmp.config.mjs.',
    },
  ];
}
