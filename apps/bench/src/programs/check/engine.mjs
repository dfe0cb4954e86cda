// CPU of an execution in memory, without anything around the engine.
import { WorkflowEngine } from '@vwmp/core';
import { measure } from './work.mjs';

const { document, parameters, expected, warmUp, count } = JSON.parse(process.argv[2]);
const engine = new WorkflowEngine();
const workflow = await engine.load(document);

await measure(warmUp, count, async (executions) => {
  for (let i = 0; i < executions; i++) {
    const { status, output } = await engine.executeWorkflow(workflow, parameters);
    if (status !== 'success' || JSON.stringify(output) !== expected) throw new Error(JSON.stringify(output));
  }
});
