import { isObject, VwmpError } from '../errors.ts';
import type { Catalog, CatalogHandler } from '../language/catalog.ts';
import type { Handler, HandlerModule } from './handler.ts';
import { notLoaded } from './not-loaded.ts';
import type { Plugin, WorkflowType } from './plugin.ts';

const pluginName = /^[a-z][a-z0-9_-]*$/;
const handlerName = /^[a-z][A-Za-z0-9_-]*$/;

/** A handler with the path under which it can be called. */
export interface RegisteredHandler extends CatalogHandler {
  /** `plugin.name` */
  readonly path: string;
  readonly plugin: string;
  readonly handler: Handler;
  /** The code; at once when it is there already. @throws HANDLER_LOAD_FAILED */
  load(): HandlerModule<never> | Promise<HandlerModule<never>>;
}

/** Every handler and workflow type that the plugins of one engine bring. */
export class PluginRegistry implements Catalog {
  readonly #handlers = new Map<string, RegisteredHandler>();
  readonly #types = new Map<string, WorkflowType & { plugin: string }>();
  readonly #plugins = new Map<string, Plugin>();

  /**
   * Adds all that a plugin brings, or nothing. Adding the same plugin object again does nothing.
   *
   * @throws PLUGIN_INVALID, PLUGIN_CONFLICT
   */
  add(plugin: Plugin): void {
    const existing = this.#plugins.get(plugin?.name);
    if (existing === plugin && plugin !== undefined) return;
    const problems = checkPlugin(plugin);
    if (problems.length > 0) {
      throw new VwmpError(
        'PLUGIN_INVALID',
        `Plugin "${plugin?.name}" is malformed: ${problems.join('; ')}.`,
        {
          details: problems,
          retryable: false,
        },
      );
    }
    const handlers = Object.entries(plugin.handlers ?? {}).map(([name, handler]) =>
      register(plugin.name, name, handler),
    );
    for (const { path } of handlers) {
      const other = this.#handlers.get(path);
      if (other) throw conflict(`the handler "${path}"`, plugin, other);
    }
    for (const type of plugin.workflowTypes ?? []) {
      const other = this.#types.get(type.name);
      if (other) throw conflict(`the workflow type "${type.name}"`, plugin, other);
    }
    this.#plugins.set(plugin.name, plugin);
    for (const handler of handlers) this.#handlers.set(handler.path, handler);
    for (const type of plugin.workflowTypes ?? [])
      this.#types.set(type.name, { ...type, plugin: plugin.name });
  }

  handler(path: string): RegisteredHandler | undefined {
    return this.#handlers.get(path);
  }

  handlers(): Iterable<string> {
    return this.#handlers.keys();
  }

  types(): Iterable<string> {
    return this.#types.keys();
  }

  workflowType(name: string): WorkflowType | undefined {
    return this.#types.get(name);
  }

  plugins(): Iterable<Plugin> {
    return this.#plugins.values();
  }
}

function register(plugin: string, name: string, handler: Handler): RegisteredHandler {
  const path = `${plugin}.${name}`;
  const failed = (cause: unknown): VwmpError =>
    notLoaded('HANDLER_LOAD_FAILED', `The code of handler "${path}"`, cause);
  let module = handler.execute ? (handler as HandlerModule<never>) : undefined;
  return {
    path,
    plugin,
    handler,
    config: handler.config,
    ...(handler.ports === undefined ? {} : { ports: handler.ports }),
    load() {
      if (module) return module;
      // What is thrown at once is a failure to load, too.
      return (async () => handler.load!())().then(
        (loaded) => {
          if (typeof loaded?.execute !== 'function')
            throw failed(new TypeError('it exports no function "execute"'));
          module = loaded;
          return loaded;
        },
        (error: unknown) => {
          throw failed(error);
        },
      );
    },
  };
}

function checkPlugin(plugin: Plugin): string[] {
  if (!isObject(plugin)) return ['it is no object made by definePlugin'];
  const problems: string[] = [];
  if (typeof plugin.name !== 'string' || !pluginName.test(plugin.name)) {
    problems.push('its name must match [a-z][a-z0-9_-]*');
  }
  for (const [name, handler] of Object.entries(plugin.handlers ?? {})) {
    if (!handlerName.test(name)) problems.push(`the handler name "${name}" must match [a-z][A-Za-z0-9_-]*`);
    if (!isObject(handler?.config)) problems.push(`handler "${name}" has no config schema`);
    const { ports = [] } = handler ?? {};
    if (typeof ports !== 'function' && !Array.isArray(ports))
      problems.push(`the ports of handler "${name}" are no list`);
    const executes = typeof handler?.execute === 'function';
    const loads = typeof handler?.load === 'function';
    if (executes === loads) problems.push(`handler "${name}" needs either "execute" or "load"`);
  }
  for (const type of plugin.workflowTypes ?? []) {
    if (typeof type?.name !== 'string' || type.name === '') problems.push('a workflow type has no name');
  }
  return problems;
}

function conflict(what: string, { name }: Plugin, { plugin }: { plugin: string }): VwmpError {
  return new VwmpError(
    'PLUGIN_CONFLICT',
    `Plugin "${name}" claims ${what}, which another plugin "${plugin}" has. Remove or rename one of them.`,
    {
      retryable: false,
    },
  );
}
