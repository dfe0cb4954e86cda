import { defineHandler, definePlugin, type JsonValue, type Plugin, VwmpError } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

/** A document that is to be validated and healed. */
export interface Text {
  title: string;
  links: string[];
  /** How a validator sees it that does not accept everything. */
  strict: boolean;
}

/** What is wrong with it, always the same for the same text. */
function problemsOf({ title, links }: Text): string[] {
  const problems = title.trim() === title && title !== '' ? [] : ['title'];
  links.forEach((link, index) => {
    if (!/^https?:\/\/\S+$/.test(link)) problems.push(`links.${index}`);
  });
  return problems;
}

function healed({ title, links, strict }: Text): Text {
  const fixed = links.map((link) => (/^https?:/.test(link) ? link : `https://${link}`).replaceAll(/\s/g, ''));
  return { title: title.trim() || 'Untitled', links: fixed, strict };
}

const config = Type.Object({ text: Type.Unsafe<Text>({ type: 'object' }) });

/** Validation and healing with handlers that only depend on what they are given. */
export const checks: Plugin = definePlugin({
  name: 'check',
  handlers: {
    validate: defineHandler({
      description: 'Says what is wrong with a text.',
      config,
      execute({ config: { text }, attempt }) {
        const problems = problemsOf(text);
        if (text.strict && problems.length > 0) {
          throw new VwmpError('VALUE_INVALID', `Wrong: ${problems.join(', ')} (attempt ${attempt}).`, {
            details: problems,
          });
        }
        return { valid: problems.length === 0, problems };
      },
    }),
    heal: defineHandler({
      description: 'Repairs a text.',
      config,
      execute: ({ config: { text } }) => healed(text) as unknown as JsonValue,
    }),
  },
});
