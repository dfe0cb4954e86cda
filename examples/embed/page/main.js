// The executions happen in the page here. With a server it is `createHttpBackend({ url, key })` in place of
// `createPageBackend`, or the attribute `server` of the elements.
import { createPageBackend } from './vwmp/elements.js';

const order = `id: order
name: What happens with an order
parameters:
  - name: items
    type: number
    default: 3
steps:
  - id: reserve
    name: Reserve the items
    handler: core.set
    config:
      value: \${parameters.items}
  - id: pay
    name: Take the money
    handler: core.sleep
    dependencies: [reserve]
    config:
      duration: 500ms
  - id: pack
    name: Pack it
    handler: core.sleep
    dependencies: [reserve]
    config:
      duration: 800ms
  - id: send
    name: Send it
    handler: core.log
    dependencies: [pay, pack]
    config:
      message: \${string(steps.reserve.output)} items are on their way
`;

const backend = createPageBackend({ documents: [order] });
const designer = document.querySelector('vwmp-designer');
const execution = document.querySelector('vwmp-execution');
designer.backend = backend;
execution.backend = backend;
designer.addEventListener('started', ({ detail }) => {
  execution.setAttribute('execution', detail.execution);
  execution.hidden = false;
  execution.scrollIntoView({ behavior: 'smooth' });
});
