// A YAML workflow has run once: parser, validator and expressions are loaded.
import { WorkflowEngine } from '@vwmp/core';
import { settled } from './settled.mjs';

const document = `
name: order
parameters: [{ name: amount, type: number }]
steps:
  - { id: tax, handler: core.set, config: { value: "\${parameters.amount * 0.25}" } }
  - { id: total, handler: core.set, dependencies: [tax], config: { value: "\${parameters.amount + steps.tax.output}" } }
`;
const execution = await new WorkflowEngine().executeWorkflow(document, { amount: 100 });
if (execution.steps.total?.output !== 125) throw new Error(JSON.stringify(execution));
settled();
