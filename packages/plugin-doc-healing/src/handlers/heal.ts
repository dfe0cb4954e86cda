import type { HandlerContext } from '@vwmp/core';
import { type Healing, healProject } from '../heal/heal-project.ts';
import type { HealConfig, Source } from './configs.ts';
import { withProject } from './open-source.ts';

export type HealOutput = Healing & { readonly healed: number; readonly source: Source };

/** The code of `doc_healing.heal`. */
export async function execute(context: HandlerContext<HealConfig>): Promise<HealOutput> {
  const { source = {}, files, min_confidence = 0.6, model } = context.config;
  const inner = context as unknown as HandlerContext<never>;
  const suggest = model && (await import('../heal/model.ts')).createModelRule(inner, model);
  const healing = await withProject(inner, source, (project) =>
    healProject(project, { files, minConfidence: min_confidence, suggest, signal: context.signal }),
  );
  return { ...healing, left: healing.left.slice(0, 1000), healed: healing.corrections.length, source };
}
