import type { ResolveFnOutput, ResolveHookContext } from 'node:module';

let lent = false;

/**
 * Lets configs and plugins import `@vwmp/core` and `@vwmp/plugins` where they aren't installed: what comes with this
 * command stands in. So a project runs right after `vwmp init`, with a command that was installed anywhere.
 * Before Node 22.15 there is no way to do it, and the project has to install them.
 */
export function lendOwnPackages(): void {
  const { registerHooks } = process.getBuiltinModule('node:module');
  if (lent || typeof registerHooks !== 'function') return;
  lent = true;
  registerHooks({ resolve: lend });
}

function lend(
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context?: ResolveHookContext) => ResolveFnOutput,
): ResolveFnOutput {
  try {
    return next(specifier, context);
  } catch (error) {
    const own = /^@vwmp\/(core|plugins)(\/|$)/.test(specifier);
    if (!own || context.parentURL === import.meta.url) throw error;
    return next(specifier, { ...context, parentURL: import.meta.url });
  }
}
