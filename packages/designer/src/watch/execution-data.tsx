import type { Execution } from '@vwmp/core';
import type { ReactNode } from 'react';
import { ValueTree } from './value-tree.tsx';

/** What an execution was given and what it gave. */
export function ExecutionData({ execution }: { execution: Execution }): ReactNode {
  return (
    <div className="vw-data">
      <section>
        <h2>Parameters</h2>
        <ValueTree value={execution.parameters} label="Parameters" />
      </section>
      {execution.trigger !== undefined && (
        <section>
          <h2>Trigger</h2>
          <ValueTree value={execution.trigger} label="Trigger" />
        </section>
      )}
      <section>
        <h2>Output</h2>
        <ValueTree value={execution.output} label="Output" />
      </section>
    </div>
  );
}
