import type { Problem, Workflow } from '@vwmp/core';
import { bundledFile } from '../bundle/running.ts';
import { hasCode } from '../cli/has-code.ts';
import { ProblemsError } from '../cli/problems-error.ts';
import { path } from '../node.ts';
import { openProject, type Project } from '../project/project.ts';
import type { Output } from '../terminal/terminal.ts';
import { readText } from './read-text.ts';

/** A workflow, ready to run, and where it came from. */
export interface LoadedWorkflow {
  project: Project;
  workflow: Workflow;
  text: string;
}

/**
 * Reads and checks one workflow with the plugins that hold where its file is.
 *
 * @param given - a file, `-` for stdin, which belongs to the current folder
 * @throws ProblemsError DOCUMENT_INVALID, UsageError, and what a config can do wrong
 */
export async function loadWorkflow(given: string, err: Output, workspace?: string): Promise<LoadedWorkflow> {
  const file = bundledFile(given);
  const text = await readText(file, 'workflow', err);
  const project = await openProject(file === '-' ? '.' : path.dirname(path.resolve(file)), workspace);
  try {
    return { project, workflow: await project.load(text), text };
  } catch (error) {
    if (!hasCode(error, 'DOCUMENT_INVALID')) throw error;
    const { message, details } = error as { message: string; details: readonly Problem[] };
    throw new ProblemsError('DOCUMENT_INVALID', message, details, file === '-' ? 'stdin' : file, text);
  }
}
