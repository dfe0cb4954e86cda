import type { WorkflowDocument } from '../model/workflow.ts';
import type { Handler } from './handler.ts';

/** A ready-made workflow to begin from. */
export interface WorkflowTemplate {
  /** Unique within its type. */
  name: string;
  description: string;
  document: WorkflowDocument;
}

/** A kind of workflow that a plugin brings. */
export interface WorkflowType {
  /** Slug, the value of `type` in a document. */
  name: string;
  description: string;
  icon?: string;
  templates?: readonly WorkflowTemplate[];
}

export interface PluginOptions {
  /** First part of the path of its handlers: `[a-z][a-z0-9_-]*`. */
  name: string;
  description?: string;
  version?: string;
  /** By name: `request` of the plugin `http` is `http.request`. */
  handlers?: Readonly<Record<string, Handler>>;
  workflowTypes?: readonly WorkflowType[];
}

export type Plugin = Readonly<PluginOptions>;

/**
 * Declares a plugin.
 *
 * @example
 * ```ts
 * export default definePlugin({ name: 'greetings', handlers: { greet } });
 * ```
 */
export function definePlugin(options: PluginOptions): Plugin {
  return Object.freeze({ ...options });
}
