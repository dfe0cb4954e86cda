import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Execution, type JsonObject, type Plugin, type Workflow, WorkflowEngine } from '@vwmp/core';
import { plugins as defaultPlugins } from '@vwmp/plugins';
import { onTestFinished } from 'vitest';

/** An example, ready to be executed in a folder of its own that goes with the test. */
export interface OpenedExample {
  readonly engine: WorkflowEngine;
  readonly workflow: Workflow;
  readonly workspace: string;
  /** What steps have logged: `level message`. */
  readonly logs: string[];
  run(parameters?: JsonObject): Promise<Execution>;
}

/**
 * @param name - the folder of the example
 * @param plugins - those of its vwmp.config.ts
 * @param workspace - instead of an empty folder
 */
export async function openExample(
  name: string,
  plugins: readonly Plugin[] = [],
  workspace?: string,
): Promise<OpenedExample> {
  const folder = workspace ?? (await emptyFolder());
  const engine = new WorkflowEngine({ plugins: [...defaultPlugins, ...plugins], workspace: folder });
  onTestFinished(() => engine.close());
  const logs: string[] = [];
  engine.attach({ onLog: ({ level, message }) => logs.push(`${level} ${message}`) });
  const workflow = await engine.load(
    await readFile(join(import.meta.dirname, '..', name, 'workflow.yaml'), 'utf8'),
  );
  const run = (parameters?: JsonObject) => engine.executeWorkflow(workflow, parameters);
  return { engine, workflow, workspace: folder, logs, run };
}

/** A folder that is removed when the test has ended. */
export async function emptyFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'vwmp-example-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
