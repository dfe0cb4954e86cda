import type { Plugin, Problem, Workflow, WorkflowEngine } from '@vwmp/core';
import { hasCode } from '../cli/has-code.ts';
import { path } from '../node.ts';
import { findConfig } from './config-file.ts';
import { allowedEnv, createAllSecrets } from './environment.ts';
import type { LoadedConfig } from './load-config.ts';
import { createWorkflowFolder } from './workflow-folder.ts';

/** The engine for one folder, with the plugins and settings that hold there. */
export interface Project {
  readonly engine: WorkflowEngine;
  /** The config file, when there is one. */
  readonly configFile: string | undefined;
  /** Makes `http`, `file` and `shell` known; before that there is `core` and what the config brings. */
  addDefaultPlugins(): Promise<void>;
  /** Loads a workflow with the plugins that it needs. @throws DOCUMENT_INVALID */
  load(text: string): Promise<Workflow>;
}

/**
 * @param folder - where the workflow is
 * @param workspace - what `--workspace` says
 */
export async function openProject(folder: string, workspace?: string): Promise<Project> {
  const configFile = findConfig(folder);
  let config: LoadedConfig = { plugins: [] };
  if (configFile) config = await (await import('./load-config.ts')).loadConfig(configFile);
  const { WorkflowEngine } = await import('@vwmp/core');
  const engine = new WorkflowEngine({
    plugins: config.plugins,
    workspace: path.resolve(workspace ?? config.workspace ?? '.'),
    workflows: createWorkflowFolder(folder),
    secrets: await createAllSecrets(process.env, process.cwd()),
    env: allowedEnv(config.env ?? [], process.env),
  });
  let added = config.defaultPlugins === false;
  const project: Project = {
    engine,
    configFile,
    async addDefaultPlugins() {
      if (added) return;
      added = true;
      const { plugins } = (await import('@vwmp/plugins')) as { plugins: readonly Plugin[] };
      for (const plugin of plugins) engine.use(plugin);
    },
    async load(text) {
      if (mentionsOtherHandlers(text)) await project.addDefaultPlugins();
      try {
        return await engine.load(text);
      } catch (error) {
        if (added || !hasCode(error, 'DOCUMENT_INVALID') || !wantsPlugins(error as never)) throw error;
        await project.addDefaultPlugins();
        return engine.load(text);
      }
    },
  };
  // With plugins of one's own, so that a path that is claimed twice is always an error and not only sometimes.
  if (config.plugins.length > 0) await project.addDefaultPlugins();
  return project;
}

/** A look at the text, which spares loading it twice; whatever it does not see is found by {@link wantsPlugins}. */
function mentionsOtherHandlers(text: string): boolean {
  return /\bhandler["']?\s*:\s*["']?(?!core\.(?!workflow\b))[\w-]/.test(text);
}

function wantsPlugins({ details }: { details: readonly Problem[] }): boolean {
  return details.some(({ code }) => code === 'UNKNOWN_HANDLER' || code === 'UNKNOWN_TYPE');
}
