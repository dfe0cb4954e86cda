import type { Execute, HandlerContext } from '@vwmp/core';
import { checkProject, documentsOf, type Report, type RunCounts } from '../check/check-project.ts';
import type { Finding } from '../check/finding.ts';
import type { DocHealingOptions } from '../options.ts';
import type { CheckConfig, Source } from './configs.ts';
import { withProject } from './open-source.ts';

export type CheckOutput = Report & { readonly source: Source };

/** Makes the code of `doc_healing.check`. */
export function createCheck(options: DocHealingOptions): Execute<CheckConfig> {
  return (context) => execute(context, options);
}

async function execute(
  context: HandlerContext<CheckConfig>,
  { allowPrivateAddresses }: DocHealingOptions,
): Promise<CheckOutput> {
  const { source = {}, files, types, links, run, max_findings } = context.config;
  const inner = context as unknown as HandlerContext<never>;
  const report = await withProject(inner, source, async (project) => {
    const more = new Map<string, Finding[]>();
    const add = (found: readonly Finding[]): void => {
      for (const each of found) more.set(each.file, [...(more.get(each.file) ?? []), each]);
    };
    if (types) {
      const { checkTypes } = await import('../check/types.ts');
      const folder =
        source.github === undefined && source.revision === undefined
          ? await context.workspace.resolve(source.folder ?? '.')
          : undefined;
      add(
        await checkTypes(documentsOf(project, files), project, folder, context.signal, (message) =>
          context.logger.warn(message),
        ),
      );
    }
    if (links) {
      const { checkRemote } = await import('../check/remote.ts');
      add(await checkRemote(documentsOf(project, files), project, inner, allowPrivateAddresses !== true));
    }
    let runs: RunCounts | undefined;
    if (run) {
      const { runBlocks } = await import('../check/run.ts');
      const ran = await runBlocks(documentsOf(project, files), project, run, context.signal);
      add(ran.findings);
      runs = ran.runs;
    }
    const checked = await checkProject(project, {
      ...{ files, maxFindings: max_findings, signal: context.signal },
      progress: (total, completed) => context.progress({ total, completed }),
      also: async (file) => more.get(file) ?? [],
    });
    return runs ? { ...checked, runs } : checked;
  });
  return { ...report, source };
}
