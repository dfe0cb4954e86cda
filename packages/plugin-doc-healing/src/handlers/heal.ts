import type { HandlerContext } from '@vwmp/core';
import type { Rule } from '../heal/correction.ts';
import { type Healing, healProject } from '../heal/heal-project.ts';
import type { HealConfig, ModelConfig, Source } from './configs.ts';
import { withProject } from './open-source.ts';

export type HealOutput = Healing & { readonly healed: number; readonly source: Source };

/** The code of `doc_healing.heal`. */
export async function execute(context: HandlerContext<HealConfig>): Promise<HealOutput> {
  const { source = {}, files, min_confidence = 0.6, model } = context.config;
  const inner = context as unknown as HandlerContext<never>;
  const suggest = model && (await suggestFrom(inner, model, min_confidence));
  const healing = await withProject(inner, source, (project) =>
    healProject(project, { files, minConfidence: min_confidence, suggest, signal: context.signal }),
  );
  return { ...healing, left: healing.left.slice(0, 1000), healed: healing.corrections.length, source };
}

async function suggestFrom(
  context: HandlerContext<never>,
  model: ModelConfig,
  minConfidence: number,
): Promise<Rule | undefined> {
  const { createModelRule, modelConfidence } = await import('../heal/model.ts');
  if (minConfidence <= modelConfidence) return createModelRule(context, model);
  context.logger.warn(
    `The model ${model.name} is not asked: min_confidence is ${minConfidence}, and what it proposes has ${modelConfidence}.`,
  );
  return undefined;
}
